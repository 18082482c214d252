@NullMarked
package dev.lockstep.sandbox.servicenow;

import org.jspecify.annotations.NullMarked;
