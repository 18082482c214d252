/**
 * What people ask for in chats: a verified request comes in and is stored; the inbox carries it out
 * for the user whose e-mail address the sender has, by the same services as console and API, and
 * answers it.
 */
@NullMarked
package dev.lockstep.command;

import org.jspecify.annotations.NullMarked;
