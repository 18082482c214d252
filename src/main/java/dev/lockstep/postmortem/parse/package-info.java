/**
 * Parses a Markdown postmortem. Input: the bytes of a file. Output: its incident, its action items,
 * and what could not be read, with line numbers. Uses no files, network or clock.
 *
 * <p>This package walks the structure of a document: sections, lists, tables, paragraphs. It uses
 * {@code item} for the text of one item, which uses {@code vocabulary}, which uses {@code
 * markdown}.
 */
@NullMarked
package dev.lockstep.postmortem.parse;

import org.jspecify.annotations.NullMarked;
