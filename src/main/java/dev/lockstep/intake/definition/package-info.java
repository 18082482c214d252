/**
 * Reads {@code connectors/<system>/webhook.yaml}: how a system signs its webhooks, and where their
 * facts are.
 */
@NullMarked
package dev.lockstep.intake.definition;

import org.jspecify.annotations.NullMarked;
