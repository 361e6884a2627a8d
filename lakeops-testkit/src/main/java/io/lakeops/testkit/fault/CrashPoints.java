package io.lakeops.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.engine.Session;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Lets every fault happen at every step of an operation, and looks each time whether what is left is as before or as after,
 * and whether the operation can be run again.
 *
 * @param folder where the copies are made
 * @param engine one session for all runs
 */
public record CrashPoints(Path folder, Session engine) {
    /**
     * What is attacked. It is given a folder each time and keeps nothing itself.
     *
     * <p>Shape: {@link #state} is the content that counts, as lines in an order of their own.
     */
    public interface Subject {
        /** Makes what the operation works on. */
        void prepare(Path lake, Session session);

        /** Runs it. */
        void run(Path lake, Session session);

        /** What stands there now, read by a fresh handle. */
        List<String> state(Path lake, Session session);

        /** Whether a second run on its own result changes nothing. */
        boolean repeatable();
    }

    /**
     * Attacks.
     *
     * @return how many crash points were tried
     */
    public int attack(String name, Subject subject) throws IOException {
        Path prepared = folder.resolve(name);
        subject.prepare(prepared, engine);
        List<String> before = subject.state(prepared, engine);
        FaultyDisk whole = new FaultyDisk(Fault.none());
        Path unharmed = copy(prepared, "unharmed");
        subject.run(whole.path(unharmed), new FaultySession(whole, engine));
        List<String> after = subject.state(unharmed, engine);
        subject.run(unharmed, engine);
        List<String> twice = subject.state(unharmed, engine);
        if (subject.repeatable()) {
            assertThat(twice).as("%s run twice", name).isEqualTo(after);
        }
        Path cut = copy(prepared, "cut");
        FaultyDisk machine = new FaultyDisk(Fault.none());
        subject.run(machine.path(cut), new FaultySession(machine, engine));
        machine.cutPower();
        assertThat(subject.state(cut, engine))
                .as("%s, and the power cut just after it said that it was done", name)
                .isEqualTo(after);
        int tried = 1;
        int steps = whole.steps().size();
        for (Fault.Kind kind : Fault.Kind.values()) {
            for (int step = 1; step <= steps; step++) {
                Path lake = copy(prepared, kind + "-" + step);
                String what = name + ", " + kind + " at step " + step + " of " + steps + " ("
                        + whole.steps().get(step - 1) + ")";
                harm(subject, new FaultyDisk(new Fault(kind, step)), lake, what);
                List<String> left = subject.state(lake, engine);
                boolean landed = !left.equals(before);
                assertThat(left).as(what).isIn(before, after);
                subject.run(lake, engine);
                List<String> again = subject.state(lake, engine);
                if (landed || before.equals(after)) {
                    assertThat(again).as("again after %s", what).isIn(after, twice);
                } else {
                    assertThat(again).as("again after %s", what).isEqualTo(after);
                }
                delete(lake);
                tried++;
            }
        }
        return tried;
    }

    private void harm(Subject subject, FaultyDisk disk, Path lake, String what) {
        try {
            subject.run(disk.path(lake), new FaultySession(disk, engine));
        } catch (ProcessDied died) {
            assertThat(disk.happened()).as(what).isTrue();
        } catch (LakeException refused) {
            assertThat(disk.happened())
                    .as("%s, but before it: %s", what, refused)
                    .isTrue();
        }
    }

    private Path copy(Path from, String to) throws IOException {
        Path target = folder.resolve("points").resolve(from.getFileName() + "-" + to);
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(from.relativize(dir).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
        return target;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
