import { APART } from './composition';
import { IS_LONG, sweepLayout } from './sweep-layout';

sweepLayout({
  name: APART.name,
  layout: APART,
  select: ({ prop }) => IS_LONG || /Callback$|endpointName$|successTopic$/.test(prop),
});
