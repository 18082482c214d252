/**
 * How the commands show the answers of the service: tables, trees and lines on the terminal. JSON
 * in, text out.
 */
@NullMarked
package dev.lockstep.cli.view;

import org.jspecify.annotations.NullMarked;
