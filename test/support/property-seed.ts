import fc from 'fast-check';

declare const PROPERTY_SEED: number;

// Property tests draw the same cases in every run, so that a change is what makes one fail. `npm run test:long` draws others.
fc.configureGlobal({ seed: PROPERTY_SEED });
