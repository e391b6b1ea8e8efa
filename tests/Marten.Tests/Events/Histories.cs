using FsCheck;
using FsCheck.Fluent;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>How a step of a history appends.</summary>
internal enum Way
{
    Append,
    Expect,
    Optimistic,
    Exclusive,
    Fetch,
    FetchExclusively,

    /// <summary>A host of before, which stores deposits under an old name and in an old shape.</summary>
    OldHost,

    /// <summary>Several writers at once, one event each, which try again until they win.</summary>
    Race,

    /// <summary>The stream is archived; nothing is appended to it afterwards.</summary>
    Archive,
}

/// <summary>One unit of work: events for some of the streams.</summary>
internal sealed record Step(int Stream, Way Way, IReadOnlyList<object> Events)
{
    public override string ToString() => $"{Way} to {Stream}: {string.Join(", ", Events)}";
}

internal sealed record History(IReadOnlyList<Step> Steps)
{
    public override string ToString() => string.Join('\n', Steps);
}

/// <summary>A deposit as it was stored before.</summary>
internal sealed record OldDeposit(int Cents);

/// <summary>Generates histories of several streams, and makes them smaller.</summary>
internal static class Histories
{
    public const int Streams = 3;

    private static readonly Gen<object> Events = Gen.Frequency(
        (1, Gen.Choose(0, 9).Select(i => (object)new AccountOpened("owner " + i, i))),
        (6, Gen.Choose(1, 100).Select(i => (object)new MoneyDeposited(i))),
        (4, Gen.Choose(1, 100).Select(i => (object)new MoneyWithdrawn(i))),
        (1, Gen.Choose(0, 1).Select(i => (object)new AccountClosed(i == 0 ? "" : "closed"))),
        (1, Gen.Constant((object)new SomethingElse("nothing to the account"))));

    private static readonly Gen<Way> Ways = Gen.Frequency(
        (12, Gen.Elements(Way.Append, Way.Expect, Way.Optimistic, Way.Exclusive, Way.Fetch, Way.FetchExclusively)),
        (2, Gen.Constant(Way.OldHost)),
        (2, Gen.Constant(Way.Race)),
        (1, Gen.Constant(Way.Archive)));

    private static readonly Gen<Step> Steps =
        from stream in Gen.Choose(0, Streams - 1)
        from way in Ways
        from count in Gen.Frequency((9, Gen.Choose(1, 4)), (1, Gen.Choose(11, 13)))
        from events in (way == Way.OldHost ? Gen.Choose(1, 50).Select(i => (object)new OldDeposit(i * 100)) : Events).ArrayOf(way == Way.Race ? Math.Min(count, 4) : count)
        select new Step(stream, way, events);

    public static Arbitrary<History> All { get; } = Arb.From(
        from count in Gen.Choose(1, 14)
        from steps in Steps.ArrayOf(count)
        select new History(steps),
        Smaller);

    private static IEnumerable<History> Smaller(History history)
    {
        var steps = history.Steps;
        if (steps.Count > 1)
        {
            yield return new History([.. steps.Take(steps.Count / 2)]);
            for (var i = 0; i < steps.Count; i++)
                yield return new History([.. steps.Where((_, n) => n != i)]);
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Events.Count > 1)
                yield return new History([.. steps.Select((s, n) => n == i ? s with { Events = [.. s.Events.Take(s.Events.Count - 1)] } : s)]);
            if (steps[i].Way is not (Way.Append or Way.OldHost or Way.Archive))
                yield return new History([.. steps.Select((s, n) => n == i ? s with { Way = Way.Append } : s)]);
        }
    }
}
