import { expect, test } from "vitest";
import { ControlBench } from "../../../helpers/control-bench.ts";

test("R8: a clone that was half made when the run was cancelled is removed, too", async () => {
  await using bench = new ControlBench();
  const { git } = bench.world;
  const making = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const open = git.openClone.bind(git);
  git.openClone = async (repo, request) => {
    making.resolve();
    await cancelled.promise;
    await open(repo, request);
    throw new Error("its folder is gone");
  };
  await bench.start();
  await making.promise;
  await bench.order({ kind: "cancel" });
  const removed = Promise.withResolvers<void>();
  const remove = git.removeRun.bind(git);
  git.removeRun = async () => {
    await remove();
    removed.resolve();
  };
  cancelled.resolve();
  await removed.promise;
  expect(git.openClones).toBe(0);
});
