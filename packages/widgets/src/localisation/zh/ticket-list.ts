import type { ticketList as english } from '../en/ticket-list.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of `<rapport-ticket-list>`. */
export const ticketList: TextsLike<typeof english> = {
  'progress.new': '已收到',
  'progress.open': '处理中',
  'progress.waitingOnCustomer': '等待您的回复',
  'progress.waitingOnThird': '处理中',
  'progress.snoozed': '处理中',
  'progress.resolved': '已解决',
  'progress.closed': '已关闭',
  'progress.merged': '已关闭',
  'progress.spam': '已关闭',
  'list.title': '您的留言',
  'list.empty': '还没有留言',
  'list.emptyBody': '给我们留言后，您可以在这里查看进展。',
  'list.more': '显示更多',
  'list.opened': '{day} 提交',
  'list.conversation': '对话：{subject}',
  'list.noMessages': '这个对话里还没有消息。',
  'list.you': '您',
  'list.team': '客服团队',
  'list.reply': '您的回复',
  'list.send': '发送回复',
  'list.sent': '回复已发送',
  'list.emptyReply': '请先填写内容',
  'list.closed': '此对话已关闭。如仍需帮助，请重新留言。',
}
