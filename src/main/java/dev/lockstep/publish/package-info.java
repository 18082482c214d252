/**
 * One-way messages to people: e-mail, chat channels. A message is stored with what caused it and
 * processed by the inbox, so that it is sent once as far as its channel permits.
 */
@NullMarked
package dev.lockstep.publish;

import org.jspecify.annotations.NullMarked;
