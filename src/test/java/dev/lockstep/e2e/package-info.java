/** Lockstep as its operators run it: a process of its own, between both sandboxes. */
package dev.lockstep.e2e;
