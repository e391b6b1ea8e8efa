namespace ModularMonolith.Benchmarks.Stores;

/// <summary>One kind of work on the store, or its hand-written equivalent.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="RunAsync">Does it once; the argument is the number of the session that does it, from 0.</param>
/// <param name="TargetAlone">The ratio to the hand-written insert to reach with one session, or null for work that is only compared with.</param>
/// <param name="TargetTogether">The same with all sessions.</param>
internal sealed record Work(string Name, Func<int, Task> RunAsync, double? TargetAlone = null, double? TargetTogether = null);
