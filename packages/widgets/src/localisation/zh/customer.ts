import type { customer as english } from '../en/customer.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of the table and the card. */
export const customer: TextsLike<typeof english> = {
  'customer.noName': '未命名',
  'stage.subscriber': '订阅者',
  'stage.lead': '线索',
  'stage.marketingQualifiedLead': '市场合格线索',
  'stage.salesQualifiedLead': '销售合格线索',
  'stage.opportunity': '商机',
  'stage.customer': '客户',
  'stage.evangelist': '推荐者',
  'stage.other': '其他',
  'segment.champions': '冠军客户',
  'segment.loyal': '忠诚客户',
  'segment.potentialLoyalist': '潜在忠诚客户',
  'segment.new': '新客户',
  'segment.promising': '有望客户',
  'segment.needAttention': '需要关注',
  'segment.aboutToSleep': '即将沉睡',
  'segment.atRisk': '有流失风险',
  'segment.cannotLose': '不能失去',
  'segment.lost': '已流失',
  'tier.mostValuable': '最有价值',
  'tier.mostGrowable': '最具成长性',
  'tier.standard': '普通',
  'tier.belowZero': '负价值',
}
