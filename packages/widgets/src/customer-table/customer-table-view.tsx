import type { JSX } from 'preact'
import { isFailure, type LoadState } from '../element/load-state.js'
import type { Localiser } from '../localisation/localiser.js'
import { Icon } from '../parts/icon.js'
import { FailureNotice, Notice, RetryButton } from '../parts/notice.js'
import type { CustomerColumn } from './customer-column.js'
import type { CustomerRows, TableSort } from './customer-rows.js'
import type { GridPosition } from './grid-navigation.js'
import type { RowWindow } from './row-window.js'
import { TableHeading } from './table-heading.js'
import { TableRow } from './table-row.js'

/** Everything the table's view depends on. */
export interface CustomerTableViewProps {
  readonly label: string
  readonly localiser: Localiser
  readonly rows: CustomerRows
  /** The row each row node shows; -1 for a node that is free. */
  readonly slots: readonly number[]
  readonly columns: readonly CustomerColumn[]
  readonly state: LoadState<undefined>
  /** Whether there are more customers than the table may hold. */
  readonly limited: boolean
  readonly window: RowWindow
  readonly sort: TableSort | undefined
  readonly query: string
  readonly active: GridPosition
  readonly rowHeight: number
  readonly announcement: string
  readonly onQuery: (query: string) => void
  readonly onSort: (column: CustomerColumn) => void
  readonly onScroll: () => void
  readonly onKey: (event: KeyboardEvent) => void
  readonly onFocus: (position: GridPosition) => void
  readonly onOpen: (row: number) => void
  readonly onRetry: () => void
}

/** The whole table: toolbar, grid, and a line that says what is shown. */
export function CustomerTableView(props: CustomerTableViewProps): JSX.Element {
  const { localiser, rows, state, label } = props
  const total = rows.records.length
  return (
    <>
      <div class="toolbar" part="toolbar">
        <div class="title">
          <h2 part="title">{label}</h2>
          {total > 0 && <span class="muted small number">{localiser.number(total)}</span>}
        </div>
        <slot name="actions" />
        <search class="search" aria-label={localiser.text('table.filter')}>
          <Icon name="search" />
          <input
            type="search"
            part="search"
            aria-label={localiser.text('table.filter')}
            placeholder={localiser.text('table.filterHint')}
            value={props.query}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => props.onQuery(event.currentTarget.value)}
          />
        </search>
      </div>
      {total > 0 ? <CustomerGrid {...props} /> : <Placeholder {...props} />}
      <p class="hidden" role="status">
        {props.announcement}
      </p>
      {total > 0 && isFailure(state) && <Interruption {...props} />}
    </>
  )
}

/** Cells take the focus one by one, which makes the table a grid in the sense of ARIA; HTML allows the role on it. */
const gridRole = { role: 'grid' } as const

function CustomerGrid(props: CustomerTableViewProps): JSX.Element {
  const { localiser, rows, columns, active } = props
  return (
    <>
      <table
        class={rows.shown > 0 ? 'scroller' : 'scroller bare'}
        {...gridRole}
        part="grid"
        aria-label={props.label}
        aria-rowcount={rows.shown + 1}
        aria-colcount={columns.length}
        aria-busy={props.state.kind === 'loading'}
        onScroll={props.onScroll}
        onKeyDown={props.onKey}
        onFocusIn={(event) => {
          const position = positionOf(event.target)
          if (position) props.onFocus(position)
        }}
        onClick={(event) => {
          const position = positionOf(event.target)
          if (position && position.row > 0) props.onOpen(position.row - 1)
        }}
      >
        <TableHeading
          columns={columns}
          sort={props.sort}
          activeColumn={active.row === 0 ? active.column : -1}
          localiser={localiser}
          onSort={props.onSort}
        />
        {rows.shown > 0 && (
          <tbody class="body">
            {props.slots.map((row, slot) => {
              const record = rows.at(row)
              return (
                record && (
                  <TableRow
                    key={slot}
                    record={record}
                    row={row}
                    rowHeight={props.rowHeight}
                    columns={columns}
                    activeColumn={row === active.row - 1 ? active.column : -1}
                    localiser={localiser}
                  />
                )
              )
            })}
          </tbody>
        )}
      </table>
      {rows.shown === 0 && (
        <Notice kind="empty" icon="search" title={localiser.text('table.noMatch')}>
          <button type="button" class="button" part="button" onClick={() => props.onQuery('')}>
            {localiser.text('table.clearFilter')}
          </button>
        </Notice>
      )}
      <TableFoot {...props} />
    </>
  )
}

function TableFoot({ localiser, rows, state, limited, window }: CustomerTableViewProps): JSX.Element {
  const total = rows.records.length
  const range = { from: window.visibleFirst + 1, to: window.visibleEnd, total: rows.shown }
  return (
    <div class="foot" part="status">
      <span>{rows.shown > 0 ? localiser.text('table.range', range) : ''}</span>
      {state.kind === 'loading' && <span>{localiser.text('table.loaded', { n: total })}</span>}
      {limited && state.kind === 'ready' && <span>{localiser.text('table.limited', { n: total })}</span>}
    </div>
  )
}

function Interruption({ localiser, rows, state, onRetry }: CustomerTableViewProps): JSX.Element | null {
  if (!isFailure(state)) return null
  return (
    <div class="foot">
      <span class="warn" role="alert">
        <Icon name="warning" />
        {localiser.text('table.interrupted', { n: rows.records.length })}
      </span>
      <RetryButton failure={state} localiser={localiser} onRetry={onRetry} />
    </div>
  )
}

function Placeholder({ localiser, state, onRetry }: CustomerTableViewProps): JSX.Element {
  if (isFailure(state)) return <FailureNotice failure={state} localiser={localiser} onRetry={onRetry} />
  if (state.kind === 'loading') {
    return (
      <div class="skeleton" role="status" aria-label={localiser.text('loading')}>
        {Array.from({ length: 6 }, (_, line) => (
          <div class="line" key={line} aria-hidden="true">
            <span class="bone round" />
            {['w3', 'w4', 'w2', 'w2', 'w1'].map((width, bone) => (
              <span class={`bone ${width}`} key={bone} />
            ))}
          </div>
        ))}
      </div>
    )
  }
  return (
    <Notice kind="empty" icon="people" title={localiser.text('table.empty')} body={localiser.text('table.emptyBody')} />
  )
}

/** The grid position of the cell around an event's target. */
function positionOf(target: EventTarget | null): GridPosition | undefined {
  const cell = target instanceof Element ? target.closest('[aria-colindex]') : null
  const row = cell?.closest('[aria-rowindex]')
  if (!cell || !row) return undefined
  return { row: Number(row.getAttribute('aria-rowindex')) - 1, column: Number(cell.getAttribute('aria-colindex')) - 1 }
}
