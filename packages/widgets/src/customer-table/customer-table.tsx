import type { JSX } from 'preact'
import { Announcer } from '../element/announcer.js'
import { Countdown } from '../element/countdown.js'
import { Epoch } from '../element/epoch.js'
import { failureHere } from '../element/failure.js'
import type { CustomerRecord, CustomerTableGateway } from '../element/gateway.js'
import { type LoadState, settled } from '../element/load-state.js'
import { RapportElement } from '../element/rapport-element.js'
import type { Localiser } from '../localisation/localiser.js'
import { type CustomerColumn, columnLabel, defaultCustomerColumns, isNumericColumn } from './customer-column.js'
import { customerPages } from './customer-pages.js'
import { CustomerRows, type TableSort } from './customer-rows.js'
import { customerTableStyles } from './customer-table.styles.js'
import { customerTableTexts } from './customer-table.texts.js'
import { CustomerTableView } from './customer-table-view.js'
import { type GridPosition, moveInGrid } from './grid-navigation.js'
import { RowSlots } from './row-slots.js'
import { offsetShowing, type RowWindow, rowWindow } from './row-window.js'

/** Height of a row, in CSS pixels. */
const rowHeight = 52
/** Height of the rows' viewport assumed before the first measurement, in CSS pixels. */
const assumedHeight = 520

/**
 * A table of up to ten thousand customers: virtual rows, sorting, a text filter and the full keyboard of a grid.
 *
 * @tag rapport-customer-table
 * @attr max-rows - most rows to load from `client`; 10000 without it
 * @attr page-size - rows per request; 500 without it
 * @attr sort - initial column to sort by; a leading `-` sorts downwards
 * @attr label - heading of the table
 * @attr theme - `auto`, `light` or `dark`
 * @fires rapport-open - a customer was chosen, by click or Enter
 * @fires rapport-error - loading failed
 * @cssprop --rapport-table-height - greatest height of the scrolling part
 * @slot actions - controls beside the filter
 */
export class RapportCustomerTable extends RapportElement {
  static readonly observedAttributes = [...RapportElement.sharedAttributes, 'max-rows', 'page-size', 'sort', 'label']

  protected override readonly texts = customerTableTexts
  protected override readonly styles = [customerTableStyles]
  protected override readonly lateProperties = ['rows', 'client', 'columns']

  readonly #rows = new CustomerRows()
  readonly #slots = new RowSlots()
  readonly #epoch = new Epoch()
  readonly #announcer = new Announcer(() => this.requestUpdate())
  readonly #countdown = new Countdown(() => this.requestUpdate())
  #columns = defaultCustomerColumns
  #client: CustomerTableGateway | undefined
  #state: LoadState<undefined> = { kind: 'idle' }
  #limited = false
  #query = ''
  #sort: TableSort | undefined
  #active: GridPosition = { row: 0, column: 0 }
  #focusDue = false
  #scrolled = { offset: 0, height: assumedHeight }
  #window: RowWindow = { first: 0, end: 0, visibleFirst: 0, visibleEnd: 0 }
  #resize: ResizeObserver | undefined
  #measured: Element | null = null
  #localiserSeen: Localiser | undefined

  /** The customers to show, when the host has them already. Setting it ends loading from `client`. */
  get rows(): readonly CustomerRecord[] {
    return this.#rows.records
  }

  set rows(records: readonly CustomerRecord[]) {
    if (!Array.isArray(records)) throw new TypeError('rows: expected an array of customers')
    this.#client = undefined
    this.#epoch.advance()
    this.#show(
      records,
      settled(undefined, () => records.length === 0),
    )
  }

  /** Where customers are loaded from. Replacing it forgets the previous one's rows at once. */
  get client(): CustomerTableGateway | undefined {
    return this.#client
  }

  set client(client: CustomerTableGateway | undefined) {
    this.#client = client
    this.#epoch.advance()
    this.#show([], { kind: 'idle' })
    if (this.isConnected) this.refresh()
  }

  /** The columns from first to last. */
  get columns(): readonly CustomerColumn[] {
    return this.#columns
  }

  set columns(columns: readonly CustomerColumn[]) {
    if (!Array.isArray(columns) || columns.length === 0) throw new TypeError('columns: expected at least one column')
    this.#columns = columns
    this.#active = { row: 0, column: 0 }
    this.requestUpdate()
  }

  /** Loads all rows again from `client`. */
  refresh(): void {
    if (!this.#client) return
    this.#epoch.advance()
    this.#countdown.stop()
    void this.#load(this.#client)
  }

  protected override connected(): void {
    if (this.#state.kind === 'rate-limited') this.#countdown.start(this.#state.retryAt)
    if (this.#client && this.#state.kind === 'idle') this.refresh()
    if (this.hasAttribute('sort') && !this.#sort) this.attributeChanged('sort')
  }

  protected override disconnected(): void {
    this.#countdown.stop()
    this.#announcer.stop()
    this.#resize?.disconnect()
    this.#resize = undefined
    this.#measured = null
    // An element that is only moved is connected again by then, and goes on loading.
    queueMicrotask(() => {
      if (this.isConnected || this.#state.kind !== 'loading') return
      this.#epoch.advance()
      this.#show([], { kind: 'idle' })
    })
  }

  protected override attributeChanged(name: string): void {
    if (name !== 'sort') return
    const sort = this.getAttribute('sort') ?? ''
    const key = sort.replace(/^-/, '')
    this.#sort = key ? { key, direction: sort.startsWith('-') ? 'descending' : 'ascending' } : undefined
  }

  protected override view(localiser: Localiser): JSX.Element {
    this.#localiserSeen = localiser
    this.#arrange(localiser)
    this.reflectState(this.#state.kind)
    const { first, end } = this.#window
    const wanted = Array.from({ length: end - first }, (_, index) => first + index)
    const activeRow = this.#active.row - 1
    // The row that holds the focus stays in the document wherever the rest is scrolled to.
    if (activeRow >= 0 && activeRow < this.#rows.shown) wanted.push(activeRow)
    return (
      <CustomerTableView
        label={this.getAttribute('label') ?? localiser.text('table.label')}
        localiser={localiser}
        rows={this.#rows}
        slots={this.#slots.assign(wanted)}
        columns={this.#columns}
        state={this.#state}
        limited={this.#limited}
        window={this.#window}
        sort={this.#sort}
        query={this.#query}
        active={this.#active}
        rowHeight={rowHeight}
        announcement={this.#announcer.text}
        onQuery={(query) => this.#filter(query)}
        onSort={(column) => this.#sortBy(column)}
        onScroll={() => this.#measure()}
        onKey={(event) => this.#key(event)}
        onFocus={(position) => this.#activate(position)}
        onOpen={(row) => this.#open(row)}
        onRetry={() => this.refresh()}
      />
    )
  }

  protected override drawn(): void {
    const scroller = this.#scroller
    if (scroller !== this.#measured) {
      this.#resize?.disconnect()
      this.#resize = new ResizeObserver(() => this.#measure())
      if (scroller) this.#resize.observe(scroller)
      this.#measured = scroller
    }
    if (!scroller) return
    scroller.style.setProperty('--_tracks', this.#columns.map(({ width }) => width ?? 'minmax(8rem, 1fr)').join(' '))
    scroller.style.setProperty('--_row', `${rowHeight}px`)
    const body = scroller.querySelector<HTMLElement>('.body')
    body?.style.setProperty('block-size', `${this.#rows.shown * rowHeight}px`)
    if (!this.#focusDue) return
    this.#focusDue = false
    const cell = scroller.querySelector<HTMLElement>('[tabindex="0"]')
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  get #scroller(): HTMLElement | null {
    return this.shadowRoot?.querySelector<HTMLElement>('.scroller') ?? null
  }

  #show(records: readonly CustomerRecord[], state: LoadState<undefined>): void {
    this.#rows.records = records
    this.#limited = false
    this.#state = state
    this.requestUpdate()
  }

  async #load(client: CustomerTableGateway): Promise<void> {
    const ticket = this.#epoch.ticket()
    this.#show([], { kind: 'loading' })
    try {
      const options = { pageSize: this.#count('page-size', 500), maxRows: this.#count('max-rows', 10_000) }
      for await (const progress of customerPages(client, { ...options, signal: ticket.signal })) {
        if (!ticket.isCurrent()) return
        this.#rows.records = progress.records
        this.#limited = progress.limited
        this.requestUpdate()
      }
      this.#state = settled(undefined, () => this.#rows.records.length === 0)
      const { length: n } = this.#rows.records
      this.#announce((localiser) => localiser.text('table.count', { n }))
    } catch (error) {
      const failure = failureHere(error)
      if (!ticket.isCurrent() || !failure) return
      this.#state = failure
      if (failure.kind === 'rate-limited') this.#countdown.start(failure.retryAt)
      this.emit('rapport-error', { code: failure.kind === 'error' ? failure.code : failure.kind })
    }
    this.requestUpdate()
  }

  /** A positive whole number from an attribute. */
  #count(attribute: string, otherwise: number): number {
    const value = Number(this.getAttribute(attribute) ?? otherwise)
    return Number.isInteger(value) && value > 0 ? value : otherwise
  }

  #arrange(localiser: Localiser): void {
    this.#rows.arrange({ columns: this.#columns, query: this.#query, sort: this.#sort, localiser })
    const { offset, height } = this.#scrolled
    this.#window = rowWindow(offset, height, rowHeight, this.#rows.shown)
    if (this.#active.row > this.#rows.shown) this.#active = { ...this.#active, row: this.#rows.shown }
  }

  #filter(query: string): void {
    this.#query = query
    this.#scrollTo(0)
    this.#announce((localiser) =>
      localiser.text('table.filtered', { shown: this.#rows.shown, total: this.#rows.records.length }),
    )
    this.requestUpdate()
  }

  #sortBy(column: CustomerColumn): void {
    const again = this.#sort?.key === column.key ? this.#sort.direction : undefined
    const first = isNumericColumn(column) ? 'descending' : 'ascending'
    const direction = again === undefined ? first : again === 'ascending' ? 'descending' : 'ascending'
    this.#sort = { key: column.key, direction }
    this.#scrollTo(0)
    const key = direction === 'ascending' ? 'table.sortedUp' : 'table.sortedDown'
    this.#announce((localiser) => localiser.text(key, { column: columnLabel(column, localiser) }))
    this.requestUpdate()
  }

  #announce(text: (localiser: Localiser) => string): void {
    this.#announcer.say(() => (this.#localiserSeen ? text(this.#localiserSeen) : ''))
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      const column = this.#columns[this.#active.column]
      if (this.#active.row > 0) this.#open(this.#active.row - 1)
      else if (column) this.#sortBy(column)
      return
    }
    const scroller = this.#scroller
    const next = moveInGrid(this.#active, event, {
      rows: this.#rows.shown + 1,
      columns: this.#columns.length,
      page: Math.max(1, Math.floor(this.#scrolled.height / rowHeight) - 1),
      rightToLeft: scroller !== null && getComputedStyle(scroller).direction === 'rtl',
    })
    if (!next) return
    event.preventDefault()
    this.#active = next
    this.#focusDue = true
    if (next.row > 0) {
      const { offset, height } = this.#scrolled
      this.#scrollTo(offsetShowing(next.row - 1, offset, height, rowHeight))
    }
    this.requestUpdate()
  }

  #activate(position: GridPosition): void {
    const { row, column } = this.#active
    if (row === position.row && column === position.column) return
    this.#active = position
    this.requestUpdate()
  }

  #open(row: number): void {
    const record = this.#rows.at(row)
    if (record) this.emit('rapport-open', { id: record.id })
  }

  #scrollTo(offset: number): void {
    const scroller = this.#scroller
    if (scroller && scroller.scrollTop !== offset) scroller.scrollTop = offset
    this.#measure()
  }

  #measure(): void {
    const scroller = this.#scroller
    if (!scroller) return
    const head = scroller.querySelector<HTMLElement>('.head')?.offsetHeight ?? 0
    const height = Math.max(0, scroller.clientHeight - head)
    const offset = scroller.scrollTop
    if (offset === this.#scrolled.offset && height === this.#scrolled.height) return
    this.#scrolled = { offset, height }
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rapport-customer-table': RapportCustomerTable
  }
}
