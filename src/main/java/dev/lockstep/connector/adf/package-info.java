/**
 * Rich text between two forms: in comes the Atlassian Document Format, a tree, out goes Markdown, a
 * text that mappings can compare, and the other way round.
 */
@NullMarked
package dev.lockstep.connector.adf;

import org.jspecify.annotations.NullMarked;
