import type { submission as english } from '../en/submission.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of the ticket form and the reply box. */
export const submission: TextsLike<typeof english> = {
  'form.sending': '发送中…',
  'form.failedTitle': '留言未能发送',
  'form.failedBody': '您填写的内容已保留，请重试。',
  'form.offlineBody': '您填写的内容已保留，恢复联网后即可发送。',
  'form.forbiddenBody': '请重新登录。您填写的内容已保留。',
  'form.limitedBody': '短时间内留言过多。您填写的内容已保留。',
}
