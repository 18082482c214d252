/**
 * The words of tickets: text without markup, quotations and templates, and the weights of its
 * terms.
 */
@NullMarked
package dev.lockstep.similarity.text;

import org.jspecify.annotations.NullMarked;
