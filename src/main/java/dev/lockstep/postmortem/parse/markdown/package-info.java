/**
 * The Markdown of a document: its normalised characters, its syntax tree with line numbers, and the
 * visible text of its nodes. Knows neither items nor the vocabulary.
 */
@NullMarked
package dev.lockstep.postmortem.parse.markdown;

import org.jspecify.annotations.NullMarked;
