/**
 * Reads and checks the folders of {@code connectors/}: what each {@code connector.yaml} declares.
 */
@NullMarked
package dev.lockstep.connector.definition;

import org.jspecify.annotations.NullMarked;
