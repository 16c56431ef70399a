import type { common as english } from '../en/common.js'
import type { TextsLike } from '../messages.js'

/** The Chinese texts (simplified characters) of every element. */
export const common: TextsLike<typeof english> = {
  loading: '加载中…',
  retry: '重试',
  'error.title': '出了点问题',
  'error.body': '暂时无法加载。数据没有丢失，请重试。',
  'offline.title': '您已离线',
  'offline.body': '请检查网络连接，然后重试。',
  'forbidden.title': '没有权限',
  'forbidden.body': '请重新登录，或向管理员申请权限。',
  'rate-limited.title': '请稍候',
  'rate-limited.body': '短时间内请求过多，请稍后再试。',
  'rate-limited.wait': { other: '{n} 秒后可重试' },
  none: '–',
  optional: '选填',
  'priority.low': '低',
  'priority.normal': '普通',
  'priority.high': '高',
  'priority.urgent': '紧急',
}
