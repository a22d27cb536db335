import { setFlagsFromString } from 'node:v8';

// Imported before everything else, because what grows while modules are loaded does not shrink again. The space for young
// objects stays at its first megabyte instead of growing to 48: collected a little more often, and 35 MB less resident
// in a daemon that mostly waits.
setFlagsFromString('--semi-space-growth-factor=1');
