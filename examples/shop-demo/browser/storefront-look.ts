import { adoptStyles } from './adopt-styles.js'
import { commonStyles } from './common.styles.js'
import { storefrontStyles } from './storefront.styles.js'
import { applyTheme } from './theme.js'

adoptStyles(commonStyles, storefrontStyles)
applyTheme()
