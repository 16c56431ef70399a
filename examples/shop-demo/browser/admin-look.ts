import { adminStyles } from './admin.styles.js'
import { adoptStyles } from './adopt-styles.js'
import { commonStyles } from './common.styles.js'
import { dataStyles } from './data.styles.js'
import { applyTheme } from './theme.js'

adoptStyles(commonStyles, adminStyles, dataStyles)
applyTheme()
