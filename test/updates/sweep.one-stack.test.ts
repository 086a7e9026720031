import { TOGETHER } from './composition';
import { sweepLayout } from './sweep-layout';

sweepLayout({ name: TOGETHER.name, layout: TOGETHER });
