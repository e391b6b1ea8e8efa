using System.Linq.Expressions;
using FsCheck;
using FsCheck.Fluent;
using Condition = System.Linq.Expressions.Expression<System.Func<ModularMonolith.Marten.Tests.Linq.Sample, bool>>;

namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Generates documents and conditions over them, and makes conditions smaller.</summary>
internal static class SampleArbitraries
{
    /// <summary>Texts from the pool that conditions ask for, and others of all characters that jsonb accepts: everything but the character 0.</summary>
    private static readonly Gen<string> Texts = Gen.Frequency(
        (3, Gen.Elements(RandomSamples.Texts)),
        (1, Gen.OneOf(Gen.Choose(1, 31), Gen.Choose(32, 126), Gen.Choose(127, 0xD7FF)).Select(c => (char)c).ArrayOf().Select(c => new string(c))));

    private static readonly Gen<ConditionTree> Leaves =
        Gen.Choose(0, int.MaxValue - 1).Select(seed => (ConditionTree)new ConditionTree.Leaf(RandomConditions.Leaf(new Random(seed))));

    public static Gen<Sample> Documents { get; } =
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from name in Texts
        from note in Gen.Frequency((1, Gen.Constant<string?>(null)), (3, Texts.Select(t => (string?)t)))
        from city in Gen.Frequency((1, Gen.Constant<string?>(null)), (3, Texts.Select(t => (string?)t)))
        from tags in Texts.ArrayOf()
        select Describe(RandomSamples.Create(new Random(seed)), name, note, city, tags);

    /// <summary>Conditions of up to three operators deep, which become one of their parts, or simpler below, when they are made smaller.</summary>
    public static Arbitrary<ConditionTree> Conditions { get; } = Arb.From(Gen.Choose(0, 3).SelectMany(Tree), tree => tree.Smaller());

    private static Gen<ConditionTree> Tree(int depth) => depth == 0
        ? Leaves
        : Gen.Frequency(
            (1, Leaves),
            (2, Tree(depth - 1).Select(t => (ConditionTree)new ConditionTree.Negation(t))),
            (2, Two(depth).Select(p => (ConditionTree)new ConditionTree.Both(p.Item1, p.Item2))),
            (2, Two(depth).Select(p => (ConditionTree)new ConditionTree.Either(p.Item1, p.Item2))));

    private static Gen<(ConditionTree, ConditionTree)> Two(int depth) => Tree(depth - 1).SelectMany(one => Tree(depth - 1).Select(other => (one, other)));

    private static Sample Describe(Sample sample, string name, string? note, string? city, string[] tags)
    {
        (sample.Name, sample.Note, sample.Place.City) = (name, note, city);
        sample.Tags = [.. sample.Tags, .. tags.Take(3)];
        return sample;
    }
}

/// <summary>A condition that is known by its parts.</summary>
internal abstract record ConditionTree
{
    public abstract Condition ToExpression();

    public abstract IEnumerable<ConditionTree> Smaller();

    public sealed override string ToString() => ToExpression().ToString();

    private static Condition Join(ConditionTree one, ConditionTree other, Func<Expression, Expression, Expression> join)
    {
        var (left, right) = (one.ToExpression(), other.ToExpression());
        return Expression.Lambda<Func<Sample, bool>>(join(left.Body, RandomConditions.Rename(right, left.Parameters[0])), left.Parameters);
    }

    public sealed record Leaf(Condition Condition) : ConditionTree
    {
        public override Condition ToExpression() => Condition;

        public override IEnumerable<ConditionTree> Smaller() => [];
    }

    public sealed record Negation(ConditionTree Inner) : ConditionTree
    {
        public override Condition ToExpression()
        {
            var inner = Inner.ToExpression();
            return Expression.Lambda<Func<Sample, bool>>(Expression.Not(inner.Body), inner.Parameters);
        }

        public override IEnumerable<ConditionTree> Smaller() => Inner.Smaller().Select(s => (ConditionTree)new Negation(s)).Prepend(Inner);
    }

    public sealed record Both(ConditionTree One, ConditionTree Other) : ConditionTree
    {
        public override Condition ToExpression() => Join(One, Other, Expression.AndAlso);

        public override IEnumerable<ConditionTree> Smaller() =>
            [One, Other, .. One.Smaller().Select(s => new Both(s, Other)), .. Other.Smaller().Select(s => new Both(One, s))];
    }

    public sealed record Either(ConditionTree One, ConditionTree Other) : ConditionTree
    {
        public override Condition ToExpression() => Join(One, Other, Expression.OrElse);

        public override IEnumerable<ConditionTree> Smaller() =>
            [One, Other, .. One.Smaller().Select(s => new Either(s, Other)), .. Other.Smaller().Select(s => new Either(One, s))];
    }
}
