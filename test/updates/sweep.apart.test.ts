import { APART } from './composition';
import { sweepLayout } from './sweep-layout';

sweepLayout({ name: APART.name, layout: APART });
