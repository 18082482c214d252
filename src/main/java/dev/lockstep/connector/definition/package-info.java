/**
 * Reads and checks the folders of {@code connectors/}: what each {@code connector.yaml} declares.
 * One record for each section of the file, beside what reads it.
 */
@NullMarked
package dev.lockstep.connector.definition;

import org.jspecify.annotations.NullMarked;
