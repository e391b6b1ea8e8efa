using ModularMonolith.Architecture.Contracts;
using ModularMonolith.Architecture.Contracts.Surface;

namespace ModularMonolith.Contracts.Tests;

public sealed class SurfaceTests
{
    private const string Many =
        """
        using System.Diagnostics.CodeAnalysis;

        namespace ModularMonolith.Tea.Contracts;

        [Obsolete("Say \"tea\", please (or, rather, [tea])."), RetryOnConflict(Attempts = 7)]
        public sealed record Brew<T>(
            IReadOnlyDictionary<string, IReadOnlyList<T?>?> Notes, (int Number, string? Text) Pair, string[]? Names, byte[,] Grid, char Sign = '"', string Text = "a, (b) = \"c\"", decimal Price = 1.5m,
            Guid Id = default, Kind Kind = Kind.Black, Kind? Other = Kind.Green, bool IsHot = true, long? Number = null)
            where T : class;

        public enum Kind : byte { Green, Black }

        public readonly record struct Weight(int Grams)
        {
            public int Kilos => Grams / 1000;

            public override string ToString() => $"{Grams} g";
        }

        public abstract class Pot
        {
            protected Pot(int litres = 1) => Litres = litres;

            public required int Litres { get; init; }

            public string? Maker { get; protected set; }

            public static readonly Guid Empty = Guid.Empty;

            public const string? None = null;

            public virtual bool TryPour(ref int cups, out string? reason, params int[] sizes)
            {
                reason = null;
                return cups > sizes.Length;
            }

            protected abstract T Make<T>(in Guid id) where T : Pot;

            private protected int Hidden { get; set; }

            internal void Secret() => Hidden++;

            public sealed class Lid
            {
                public event EventHandler<EventArgs>? Lifted;

                public void Lift() => Lifted?.Invoke(this, EventArgs.Empty);
            }
        }

        public delegate bool Taste(string? tea);

        public interface ITaste<in T>
            where T : notnull
        {
            bool Try(T tea);
        }
        """;

    [Fact]
    public void All_that_others_can_see_stands_in_the_file_and_nothing_else() => Assert.Equal(
        """
        [Obsolete("Say \"tea\", please (or, rather, [tea]).")] [RetryOnConflict(Attempts = 7)] public sealed record Brew<T>(IReadOnlyDictionary<string, IReadOnlyList<T?>?> Notes, ValueTuple<int, string?> Pair, string[]? Names, byte[,] Grid, char Sign = "\"", string Text = "a, (b) = \"c\"", decimal Price = 1.5, Guid Id = default, Kind Kind = Kind.Black, Kind? Other = Kind.Green, bool IsHot = true, long? Number = null) where T : class
        public interface ITaste<in T> where T : notnull
            bool Try(T tea)
        public enum Kind : byte
            Green = 0
            Black = 1
        public abstract class Pot
            public static readonly Guid Empty
            public required int Litres { get; init; }
            protected abstract T Make<T>(in Guid id) where T : Pot
            public string? Maker { get; protected set; }
            public const string? None = null
            protected Pot(int litres = 1)
            public virtual bool TryPour(ref int cups, out string? reason, params int[] sizes)
        public sealed class Pot.Lid
            public Lid()
            public void Lift()
            public event EventHandler<EventArgs>? Lifted
        public delegate Taste
            public bool Invoke(string? tea)
        public readonly record struct Weight(int Grams)
            public int Kilos { get; }
            public override string ToString()

        """.ReplaceLineEndings("\n"),
        Compiler.Texts(Many, string.Empty)[ContractKind.Surface.Ending]);

    [Fact]
    public void What_was_written_is_read_again_to_the_letter()
    {
        var text = Compiler.Texts(Many, string.Empty)[ContractKind.Surface.Ending];

        Assert.Equal(text, SurfaceText.Write(SurfaceText.Read(text)));
        Assert.Equal("\"a, (b) = \\\"c\\\"\"", SurfaceText.Read(text)[0].Parameters!.Single(static part => part.Name == "Text").Default);
        Assert.Equal("IReadOnlyDictionary<string, IReadOnlyList<T?>?>", SurfaceText.Read(text)[0].Parameters![0].Type);
    }

    [Theory]
    [InlineData("IReadOnlyList<StockLine>", "IReadOnlyList<StockLine?>")]
    [InlineData("IReadOnlyDictionary<string, StockLine>", "IReadOnlyDictionary<string, StockLine>?")]
    [InlineData("StockLine[]", "StockLine?[]")]
    [InlineData("int?", "int")]
    public void Nullability_counts_at_each_place_of_a_type(string before, string after)
    {
        var differences = Sample.Differences(Source(before), string.Empty, Source(after), string.Empty);

        Assert.Single(differences, static difference => difference.Subject == "Stock");

        static string Source(string type) => $"namespace ModularMonolith.Tea.Contracts; public sealed record Stock({type} Lines, string Name, string? Note) : IQuery<int>; public sealed record StockLine(int Number);";
    }

    [Theory]
    [InlineData("", "where T : class", "type-closed")]
    [InlineData("where T : struct", "where T : unmanaged", "type-closed")]
    [InlineData("where T : class", "where T : class, new()", "type-closed")]
    [InlineData("where T : class, new()", "where T : class", "type-opened")]
    [InlineData("where T : class", "", "type-opened")]
    public void What_a_type_argument_has_to_be_is_a_part_of_the_promise(string before, string after, string kind)
    {
        const string Source = "namespace ModularMonolith.Tea.Contracts; public sealed class Box<T> WHERE { public T? Content { get; } }";

        Assert.Equal(kind, Assert.Single(Sample.Differences(Source.With("WHERE", before), string.Empty, Source.With("WHERE", after), string.Empty)).Kind);
    }

    [Fact]
    public void A_type_that_goes_both_ways_may_become_neither_narrower_nor_wider()
    {
        const string Source = "namespace ModularMonolith.Tea.Contracts; public sealed record Reproduce(Quote Quote) : IQuery<Quote>; public sealed record Quote(string Text, string? Note);";

        Assert.Equal("answer-member-nullable", Assert.Single(Sample.Differences(Source, string.Empty, Source.With("string Text", "string? Text"), string.Empty)).Kind);
        Assert.Equal("request-member-not-nullable", Assert.Single(Sample.Differences(Source, string.Empty, Source.With("string? Note", "string Note"), string.Empty)).Kind);
        Assert.Equal("request-member-required", Assert.Single(Sample.Differences(Source, string.Empty, Source.With("string? Note", "string? Note, int Number"), string.Empty)).Kind);
    }

    [Fact]
    public void A_member_put_between_others_moves_those_that_are_given_by_position()
    {
        const string Source = "namespace ModularMonolith.Tea.Contracts; public sealed record Brew(int Grams = 1, int Cups = 1) : IQuery<int>;";

        var kinds = Sample.Differences(Source, string.Empty, Source.With("int Cups = 1", "int Minutes = 3, int Cups = 1"), string.Empty).Select(static difference => difference.Kind);

        Assert.Equal(["request-member-added", "request-members-reordered"], kinds.Order(StringComparer.Ordinal));
    }
}
