package io.lakeops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

/** The layout rules of docs/ARCHITECTURE.md that core alone has; ModulesTest, in the examples, has those of all modules. */
@AnalyzeClasses(packages = "io.lakeops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Ingestion keeps tables of its own in the lake, so it alone opens and creates them. */
    @ArchTest
    static final ArchRule the_front_door_is_entered_from_outside_only = noClasses()
            .that()
            .resideInAPackage("io.lakeops.*..")
            .and()
            .resideOutsideOfPackage("io.lakeops.ingest")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lakeops");

    @ArchTest
    static final ArchRule the_control_plane_knows_no_engine = noClasses()
            .that()
            .resideInAPackage("io.lakeops.table..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.lakeops.engine..");

    @ArchTest
    static final ArchRule json_is_read_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("io.lakeops.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule core_has_no_stopwatch = noClasses().should().callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule only_the_standard_context_takes_the_system_s_clock = noClasses()
            .that()
            .resideOutsideOfPackage("io.lakeops.context..")
            .should()
            .callMethod(Clock.class, "systemUTC");
}
