/**
 * Parses the text of one action item into its fields. What looks like a field but is not one is
 * reported on the item.
 */
@NullMarked
package dev.lockstep.postmortem.parse.item;

import org.jspecify.annotations.NullMarked;
