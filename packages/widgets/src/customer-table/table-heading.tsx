import type { JSX } from 'preact'
import type { Localiser } from '../localisation/localiser.js'
import { Icon } from '../parts/icon.js'
import { type CustomerColumn, columnLabel, isNumericColumn } from './customer-column.js'
import type { TableSort } from './customer-rows.js'

/** The row of headings. Each is a cell of the grid; Enter, Space or a click on it sorts. */
export function TableHeading(props: {
  readonly columns: readonly CustomerColumn[]
  readonly sort: TableSort | undefined
  /** The column that the Tab key reaches, or -1. */
  readonly activeColumn: number
  readonly localiser: Localiser
  readonly onSort: (column: CustomerColumn) => void
}): JSX.Element {
  return (
    <thead class="head">
      <tr class="row" part="head-row" aria-rowindex={1}>
        {props.columns.map((column, index) => {
          const direction = props.sort?.key === column.key ? props.sort.direction : undefined
          return (
            <th
              key={column.key}
              scope="col"
              class={isNumericColumn(column) ? 'cell number' : 'cell'}
              part="head-cell"
              aria-colindex={index + 1}
              aria-sort={direction ?? 'none'}
              tabIndex={index === props.activeColumn ? 0 : -1}
              onClick={() => props.onSort(column)}
            >
              <span class="text">{columnLabel(column, props.localiser)}</span>
              <span class={direction ? 'sort sorted' : 'sort'}>
                <Icon name={direction === 'descending' ? 'down' : 'up'} />
              </span>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
