import type { customerTable as english } from '../en/customer-table.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of `<rapport-customer-table>`. */
export const customerTable: TextsLike<typeof english> = {
  'table.label': '客户',
  'table.filter': '筛选客户',
  'table.filterHint': '姓名、邮箱、客群…',
  'table.range': '第 {from}–{to} 行，共 {total} 行',
  'table.filtered': '共 {total} 位客户，{shown} 位符合条件',
  'table.count': { other: '{n} 位客户' },
  'table.loaded': { other: '已加载 {n} 位客户…' },
  'table.limited': '仅显示前 {n} 位客户',
  'table.interrupted': '加载到第 {n} 位客户时中断',
  'table.sortedUp': '已按“{column}”升序排列',
  'table.sortedDown': '已按“{column}”降序排列',
  'table.empty': '还没有客户',
  'table.emptyBody': '商店记录客户后，会立即显示在这里。',
  'table.noMatch': '没有符合条件的客户',
  'table.clearFilter': '清除筛选',
  'column.fullName': '姓名',
  'column.primaryEmail': '电子邮箱',
  'column.lifecycleStage': '阶段',
  'column.lastOrderAt': '最近订单',
  'column.orderCount': '订单数',
  'column.scores.clv.probabilityAlive': '活跃概率',
  'column.scores.clv': '终身价值',
  'column.scores.rfm.segment': '客群',
}
