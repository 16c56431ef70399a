/** The fields of customers whose values a tenant chooses. */
export const optionFields = ['customerStatus', 'customerLevel', 'rating', 'riskGrade'] as const

/** A field of customers whose values a tenant chooses. */
export type OptionField = (typeof optionFields)[number]

/** One value that a field may have. Records keep the key; people read a label. */
export interface CustomerOption {
  /** camelCase, stable. */
  readonly key: string
  /** By BCP 47 tag, such as `en` and `zh-CN`. */
  readonly labels: Readonly<Record<string, string>>
}

const option = (key: string, en: string, zh: string): CustomerOption => ({ key, labels: { en, 'zh-CN': zh } })

/**
 * What a field offers, in order, until the tenant has a list of its own. Status says where the dealings stand and level how much the
 * customer weighs; both are kept by people, unlike the stage of the relationship that scores compute.
 */
export const optionPresets: Readonly<Record<OptionField, readonly CustomerOption[]>> = {
  customerStatus: [
    option('potential', 'Potential', '潜在客户'),
    option('interested', 'Interested', '意向客户'),
    option('negotiating', 'In negotiation', '洽谈客户'),
    option('active', 'Active', '成交客户'),
    option('dormant', 'Dormant', '沉睡客户'),
    option('lost', 'Lost', '流失客户'),
    option('blocked', 'Blocked', '黑名单客户'),
  ],
  customerLevel: [
    option('vip', 'VIP', 'VIP客户'),
    option('key', 'Key', '重点客户'),
    option('regular', 'Regular', '普通客户'),
    option('small', 'Small', '小客户'),
  ],
  rating: [
    option('excellent', 'Excellent', '优'),
    option('good', 'Good', '良'),
    option('fair', 'Fair', '中'),
    option('poor', 'Poor', '差'),
  ],
  riskGrade: [
    option('low', 'Low', '低风险'),
    option('medium', 'Medium', '中风险'),
    option('high', 'High', '高风险'),
    option('critical', 'Critical', '极高风险'),
  ],
}
