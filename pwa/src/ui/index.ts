/** The design system: everything a screen is made of. */
export { Banner, Empty, say, warn } from "./feedback";
export { Meter } from "./meter";
export { ChoiceChips, type Choice } from "./choice-chips";
export { Btn, Chip, IconBtn, IconLink, outward } from "./controls";
export { CheckField, NoteField, SelectField, TextField, holdComposingEnter } from "./fields";
export { Icon, type IconName } from "./icons";
export { useLater, whenIdle, whenPainted } from "./idle";
export { closeSheet, entryKey, goBack, here, navigate, openSheet, sheetAddress, sheetParam, startLocation, withQuery, type Place } from "./location";
export { changeLook, look, startLook, textSizes, themes, type Hand, type TextSize, type Theme } from "./look";
export { Avatar, CompanyName, Mark, Pause, SavedMark, Sign, Tag, Tier, type SavedState, type Urgency } from "./marks";
export { Rail, Tabs, type NavEntry } from "./navigation";
export { Row } from "./row";
export { Corner, Dock, Said, Screen, Section, Top } from "./screen";
export { useScrollMemory } from "./scroll-memory";
export { hasSheet, SaidInSheet, Sheet } from "./sheet";
export { SyncChip, type SyncFacts } from "./sync-chip";
export { hasRail, isInstalled, isSplit, watchViewport } from "./viewport";
export { VirtualList } from "./virtual-list";
