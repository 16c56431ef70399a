import type { ticketForm as english } from '../en/ticket-form.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of `<rapport-ticket-form>`. */
export const ticketForm: TextsLike<typeof english> = {
  'type.question': '我有疑问',
  'type.complaint': '我要投诉',
  'type.suggestion': '我有建议',
  'type.incident': '出现了故障',
  'type.request': '我有一个请求',
  'type.return': '我要退货',
  'form.title': '需要什么帮助？',
  'form.intro': '请在这里给我们留言，我们会尽快回复。',
  'form.subject': '主题',
  'form.subjectHint': '几个字即可。',
  'form.message': '留言内容',
  'form.messageHint': '发生了什么？您希望我们怎么做？附上订单号会更快。',
  'form.type': '问题类型',
  'form.typeAny': '请选择',
  'form.priority': '紧急程度',
  'form.submit': '发送',
  'form.required': '请填写“{field}”',
  'form.tooLong': '“{field}”请不要超过 {max} 个字符',
  'form.summary': { other: '请更正 {n} 处内容' },
  'form.sent': '谢谢，我们已收到您的留言',
  'form.sentBody': '我们会尽快回复您。',
  'form.sentNumber': '您的工单编号是 {number}。',
  'form.another': '再写一条',
}
