import { APART, LAYOUTS, TOGETHER } from './composition';
import { IS_LONG, isLocal, sweepLayout } from './sweep-layout';

/** Layouts in which some of the parts are in other stacks, or in a nested one, for the props that concern more than one of them. */
const OTHERS = LAYOUTS.filter((layout) => layout !== TOGETHER && layout !== APART);
const NESTED = OTHERS.filter(({ nested }) => nested);

describe.each((IS_LONG ? OTHERS : NESTED).map((layout) => [layout.name, layout] as const))('%s', (name, layout) => {
  sweepLayout({ name, layout, select: (row) => (IS_LONG ? !isLocal(row) : row.prop.endsWith('.outputPrefix')) });
});
