import { Component, type ComponentChild, type JSX } from 'preact'
import type { CustomerRecord } from '../element/gateway.js'
import { readPath } from '../element/read-path.js'
import type { Localiser } from '../localisation/localiser.js'
import { Avatar } from '../parts/avatar.js'
import { ValueChip } from '../parts/chip.js'
import { ShareBar } from '../parts/share-bar.js'
import { type CustomerColumn, cellText, isNumericColumn } from './customer-column.js'

/** What a row shows. */
export interface TableRowProps {
  readonly record: CustomerRecord
  /** Place among the rows shown, counted from 0. */
  readonly row: number
  readonly rowHeight: number
  readonly columns: readonly CustomerColumn[]
  /** The column that the Tab key reaches, or -1 when it is in another row. */
  readonly activeColumn: number
  readonly localiser: Localiser
}

/** One customer. It is drawn again only when something in it changed, and moved without being drawn. */
export class TableRow extends Component<TableRowProps> {
  #element: HTMLElement | null = null

  override shouldComponentUpdate(next: Readonly<TableRowProps>): boolean {
    const now = this.props
    return (
      next.record !== now.record ||
      next.row !== now.row ||
      next.rowHeight !== now.rowHeight ||
      next.columns !== now.columns ||
      next.activeColumn !== now.activeColumn ||
      next.localiser !== now.localiser
    )
  }

  override componentDidMount(): void {
    this.#place()
  }

  override componentDidUpdate(): void {
    this.#place()
  }

  override render({ record, row, columns, activeColumn, localiser }: TableRowProps): JSX.Element {
    return (
      <tr
        class="row"
        part="row"
        aria-rowindex={row + 2}
        ref={(element: HTMLElement | null) => {
          this.#element = element
        }}
      >
        {columns.map((column, index) => {
          const cell = {
            class: isNumericColumn(column) ? 'cell number' : 'cell',
            part: 'cell',
            'aria-colindex': index + 1,
            tabIndex: index === activeColumn ? 0 : -1,
          }
          const content = cellContent(column, record, localiser)
          return column.kind === 'person' ? (
            <th key={column.key} scope="row" {...cell}>
              {content}
            </th>
          ) : (
            <td key={column.key} {...cell}>
              {content}
            </td>
          )
        })}
      </tr>
    )
  }

  /** Through the CSSOM: a `style` attribute would be refused by a strict `style-src`. */
  #place(): void {
    this.#element?.style.setProperty('transform', `translateY(${this.props.row * this.props.rowHeight}px)`)
  }
}

function cellContent(column: CustomerColumn, record: CustomerRecord, localiser: Localiser): ComponentChild {
  const text = cellText(column, record, localiser)
  if (column.kind === 'person') {
    return (
      <>
        <Avatar id={record.id} name={text} />
        <bdi class={text ? 'name' : 'name muted'}>{text || localiser.text('customer.noName')}</bdi>
      </>
    )
  }
  if (text === '') return <span class="muted">{localiser.text('none')}</span>
  if (column.kind === 'share') return <ShareBar ratio={Number(readPath(record, column.key))} localiser={localiser} />
  if (column.kind === 'stage' || column.kind === 'segment' || column.kind === 'tier') {
    return <ValueChip group={column.kind} value={String(readPath(record, column.key))} localiser={localiser} />
  }
  return <span class="text">{text}</span>
}
