using System.Linq.Expressions;
using JasperFx.Core;
using static ModularMonolith.Marten.Tests.Linq.RandomSamples;
using Condition = System.Linq.Expressions.Expression<System.Func<ModularMonolith.Marten.Tests.Linq.Sample, bool>>;

namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Random conditions over samples that C# evaluates without failing on null.</summary>
internal static class RandomConditions
{
    private static readonly Func<Random, Condition>[][] Kinds = [Texts(), Numbers(), Others(), Times(), Nested(), Collections(), Elements()];

    /// <summary>A condition without operators around it.</summary>
    public static Condition Leaf(Random random) => random.Pick(random.Pick(Kinds))(random);

    /// <summary>The body of a condition about another parameter.</summary>
    public static Expression Rename(Condition condition, ParameterExpression parameter) => new Renaming(parameter).Visit(condition.Body);

    public static Condition Create(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
            return Leaf(random);
        var one = Create(random, depth - 1);
        if (random.Next(3) == 0)
            return Expression.Lambda<Func<Sample, bool>>(Expression.Not(one.Body), one.Parameters);
        var other = Rename(Create(random, depth - 1), one.Parameters[0]);
        var body = random.Next(2) == 0 ? Expression.AndAlso(one.Body, other) : Expression.OrElse(one.Body, other);
        return Expression.Lambda<Func<Sample, bool>>(body, one.Parameters);
    }

    private static Func<Random, Condition>[] Texts() =>
    [
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name == t; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name != t; },
        r => { var t = r.TextOrNull(); return x => x.Note == t; },
        r => { var t = r.TextOrNull(); return x => x.Note != t; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.Contains(t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.StartsWith(t, StringComparison.Ordinal); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.EndsWith(t, StringComparison.Ordinal); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.Contains(t, StringComparison.OrdinalIgnoreCase); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.Equals(t, StringComparison.OrdinalIgnoreCase); },
        r => { var t = r.TextOrNull(); return x => string.Equals(x.Note, t, StringComparison.OrdinalIgnoreCase); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Note.EqualsIgnoreCase(t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Note != null && x.Note.Contains(t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => string.CompareOrdinal(x.Name, t) > 0; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => object.Equals(x.Note, t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.ToUpperInvariant().Trim() == t; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name.Trim() == t; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Name + x.Note == t; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => (x.Note ?? "a") == t; },
        r => { var n = r.Next(4); return x => x.Name.Length > n && x.Name != "😀"; },
        r => x => string.IsNullOrEmpty(x.Note),
        r => x => !string.IsNullOrWhiteSpace(x.Note),
        r => x => x.Name == x.Note,
        r => x => x.Name != x.Note,
        r => x => x.Name.StartsWith(x.Place.Country),
        r => x => x.Note == null,
        r => { var list = r.Some(RandomSamples.Texts); return x => list.Contains(x.Name); },
        r => { var list = r.Some(RandomSamples.Texts).Append(null).ToList(); return x => list.Contains(x.Note); },
        r => { string?[] list = [r.TextOrNull(), r.TextOrNull()]; return x => list.Contains(x.Note); },
    ];

    private static Func<Random, Condition>[] Numbers() =>
    [
        r => { var n = r.Pick(Integers); return x => x.Number == n; },
        r => { var n = r.Pick(Integers); return x => x.Number < n; },
        r => { var n = r.Pick(Integers); return x => n <= x.Number; },
        r => { var n = r.PickOrNull(Integers); return x => x.Maybe == n; },
        r => { var n = r.PickOrNull(Integers); return x => x.Maybe != n; },
        r => { var n = r.PickOrNull(Integers); return x => x.Maybe < n; },
        r => { var n = r.Pick(Integers); return x => !(x.Maybe >= n); },
        r => { var n = r.Pick(Longs); return x => x.Number > n; },
        r => { var n = r.Pick(Longs); return x => x.Large >= n; },
        r => { var n = r.Pick(Decimals); return x => x.Price == n; },
        r => { var n = r.Pick(Decimals); return x => x.Price > n || x.Discount <= n; },
        r => { var n = r.Pick(Decimals); return x => x.Number * 1m / 4 < n; },
        r => { var n = r.Pick(Doubles); return x => x.Ratio == n; },
        r => { var n = r.Pick(Doubles); return x => x.Ratio < n; },
        r => { var n = (short)r.Next(-2, 3); return x => x.Small == n; },
        r => x => x.Maybe.HasValue,
        r => x => x.Maybe == null,
        r => x => x.Maybe != null && x.Maybe.Value > 1,
        r => x => (x.Maybe ?? 2) == 2,
        r => x => x.Maybe.GetValueOrDefault() == 0,
        r => x => x.Maybe > x.Number,
        r => x => x.Maybe == x.Number,
        r => x => x.Discount != x.Price,
        r => x => x.Large == x.Number,
        r => x => x.Small + 1 > x.Small * 2,
        r => x => x.Number % 2 == 0 && x.Number / 2 > -4,
        r => x => (int)x.Price == 1,
        r => { var list = r.Some(Integers); return x => list.Contains(x.Number); },
        r => { var list = r.Some(Integers).Select(n => (int?)n).Append(null).ToArray(); return x => list.Contains(x.Maybe); },
        r => { var list = r.Some(Decimals).ToHashSet(); return x => list.Contains(x.Price); },
    ];

    private static Func<Random, Condition>[] Others() =>
    [
        r => x => x.Flag,
        r => x => !x.Flag,
        r => x => x.Flag == false,
        r => x => x.Agreed == true,
        r => x => x.Agreed != false,
        r => { var b = r.PickOrNull([true, false]); return x => x.Agreed == b; },
        r => { var b = r.PickOrNull([true, false]); return x => x.Flag == b; },
        r => x => x.Agreed ?? x.Flag,
        r => x => x.Flag == (x.Number > 0),
        r => x => x.Flag ? x.Number > 0 : x.Maybe > 0,
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Grade == g; },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Grade != g; },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Grade >= g; },
        r => { var g = r.PickOrNull(RandomSamples.Grades); return x => x.Wish == g; },
        r => { var g = r.PickOrNull(RandomSamples.Grades); return x => x.Wish != g; },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Wish < g; },
        r => { var list = r.Some(RandomSamples.Grades); return x => list.Contains(x.Grade); },
        r => x => x.Grade == x.Wish,
        r => x => x.Grade == Grade.High,
        r => { var id = r.Pick(Ids); return x => x.Owner == id; },
        r => { var id = r.PickOrNull(Ids); return x => x.Agent != id; },
        r => { var list = r.Some(Ids); return x => list.Contains(x.Owner); },
        r => x => x.Owner == x.Agent,
        r => x => x.Owner.Equals(x.Agent),
        r => { var c = r.Pick(['a', 'b', '\'', 'ü']); return x => x.Letter == c; },
        r => { string? filter = r.TextOrNull(); return x => filter == null || x.Name == filter; },
        r => { int[]? list = r.Next(2) == 0 ? null : r.Some(Integers); return x => list != null && list.Contains(x.Number); },
    ];

    private static Func<Random, Condition>[] Times() =>
    [
        r => { var t = r.Pick(RandomSamples.Times); return x => x.At == t; },
        r => { var t = r.Pick(RandomSamples.Times); return x => x.At < t; },
        r => { var t = r.Pick(RandomSamples.Times); return x => x.At >= t.AddMinutes(1); },
        r => { var t = r.PickOrNull(RandomSamples.Times); return x => x.Until == t; },
        r => { var t = r.PickOrNull(RandomSamples.Times); return x => x.Until <= t; },
        r => { var t = r.Pick(RandomSamples.Times); return x => !(x.Until > t); },
        r => { var t = r.Pick(Moments); return x => x.Local == t; },
        r => { var t = r.Pick(Moments); return x => x.Local > t; },
        r => { var t = r.Pick(Days); return x => x.Day == t; },
        r => { var t = r.Pick(Days); return x => x.Day <= t; },
        r => x => x.Until >= x.At,
        r => { var list = r.Some(RandomSamples.Times); return x => list.Contains(x.At); },
    ];

    private static Func<Random, Condition>[] Nested() =>
    [
        r => { var t = r.TextOrNull(); return x => x.Place.City == t; },
        r => { var t = r.TextOrNull(); return x => x.Place.City != t; },
        r => { var n = r.Next(4); return x => x.Place.Floor > n; },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Place.Grade == g; },
        r => x => x.Second == null,
        r => x => x.Second != null,
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Second != null && x.Second.Country == t; },
        r => { var n = r.Next(4); return x => x.Second != null && !(x.Second.Floor >= n); },
        r => x => x.Second == null || x.Second.Country != x.Place.Country,
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Labels.ContainsKey(t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Labels.ContainsKey(t) && x.Labels[t] == t + "1"; },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Counts.ContainsKey(t) && x.Counts[t] > 0; },
        r => x => x.Labels.Count > 1,
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Labels.Any(l => l.Key == t && l.Value.EndsWith('1')); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Labels.Any(l => l.Key == t); },
        r => { var n = r.Next(3); return x => x.Counts.All(c => c.Value >= n); },
    ];

    private static Func<Random, Condition>[] Collections() =>
    [
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Tags.Contains(t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Tags.Any(y => y == t); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Tags.Any(y => y.Contains(t)); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Tags.All(y => y != t); },
        r => { var n = r.Pick(Integers); return x => x.Numbers.Contains(n); },
        r => { var n = r.Pick(Integers); return x => x.Numbers.Any(y => y > n); },
        r => { var n = r.Next(4); return x => x.Numbers.Length > n; },
        r => { var n = r.Next(4); return x => x.Tags.Count == n; },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Grades.Contains(g); },
        r => { var g = r.Pick(RandomSamples.Grades); return x => x.Grades.Any(y => y < g); },
        r => x => x.Tags.Any(),
        r => x => x.Tags.Contains(x.Name),
        r => x => x.Numbers.Contains(x.Number),
        r => x => x.Numbers.Count(y => y > 0) == 1,
        r => x => x.Parts.Count > 1,
    ];

    private static Func<Random, Condition>[] Elements() =>
    [
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Parts.Any(p => p.Code == t); },
        r => { var n = r.Next(4); var g = r.Pick(RandomSamples.Grades); return x => x.Parts.Any(p => p.Amount == n && p.Grade == g); },
        r => { var n = r.Pick(Decimals); return x => x.Parts.Any(p => p.Price == n); },
        r => { var n = r.Pick(Decimals); return x => x.Parts.Any(p => p.Price > n && !p.Spare); },
        r => { var n = r.Next(4); return x => x.Parts.Any(p => p.Amount == n || p.Spare); },
        r => { var n = r.Next(4); return x => x.Parts.All(p => p.Amount < n); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Parts.Any(p => p.Marks.Contains(t)); },
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Parts.Any(p => p.Marks.Any(m => m.EndsWith(t))); },
        r => { var t = r.PickOrNull(RandomSamples.Times); return x => x.Parts.Any(p => p.Due == t); },
        r => x => x.Parts.Any(p => p.Code == x.Name || p.Amount == x.Place.Floor),
        r => x => x.Parts.Any(p => p.Spare == false),
        r => { var t = r.Pick(RandomSamples.Texts); return x => x.Parts.Any(p => p.Code == t && p.Marks.Count == x.Tags.Count); },
        r => { var n = r.Pick(Decimals); return x => x.Parts.Count > 0 && x.Parts.Max(p => p.Price) > n; },
        r => x => x.Parts.Count(p => p.Spare) > 1,
        r => x => x.Parts.Sum(p => p.Amount) > 3,
        r => { var list = r.Some(RandomSamples.Texts); return x => x.Parts.Any(p => list.Contains(p.Code)); },
    ];

    private sealed class Renaming(ParameterExpression name) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node.Type == typeof(Sample) ? name : node;
    }
}
