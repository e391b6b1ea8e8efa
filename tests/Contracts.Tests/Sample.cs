using ModularMonolith.Architecture.Contracts;

namespace ModularMonolith.Contracts.Tests;

/// <summary>A small module: tea is brewed on request, and poured in streams.</summary>
internal static class Sample
{
    public const string Contracts =
        """
        namespace ModularMonolith.Tea.Contracts;

        public sealed record BrewTea(Guid PotId, string Kind, Size Size, int Grams = 5, string? Note = null) : ICommand<Brew>;

        public enum Size { Small, Large }

        public sealed record Brew(Guid Id, string Title, string? Comment, Strength Strength, int Minutes = 3);

        public enum Strength { Weak, Strong }

        public sealed record FindPots(string? Owner) : IQuery<IReadOnlyList<Guid>>;

        public sealed record DescribePot(Guid PotId) : IQuery<string?>;

        [EventName("tea.tea-brewed")]
        public sealed record TeaBrewed(Guid BrewId, string Title, string? Comment, IReadOnlyList<Leaf> Leaves, Mood Mood, int Cups = 1) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => BrewId.ToString();
        }

        public sealed record Leaf(string Name, decimal Weight);

        public enum Mood { Calm, Awake }

        [EventName("tea.pot-broken", Version = 2)]
        public sealed record PotBroken(Guid PotId, string Reason) : IIntegrationEvent
        {
            string IIntegrationEvent.Key => PotId.ToString();
        }

        public sealed class PotBrokenWithoutReason : IEventUpcaster<PotBroken>
        {
            public int FromVersion => 1;

            public JsonObject Upcast(JsonObject payload)
            {
                payload["reason"] = "unknown";
                return payload;
            }
        }

        public interface IPot
        {
            int Litres { get; }
        }

        public static class Kinds
        {
            public const string Green = "green";

            public static string Of(int number) => number > 0 ? Green : "black";
        }

        public class Spoon
        {
        }

        public sealed class Kettle : IPot
        {
            public int Litres { get; set; }

            public string? Maker { get; set; }
        }
        """;

    public const string Slice =
        """
        namespace ModularMonolith.Tea;

        internal sealed record Poured(Guid PotId, string By, string? Note, Vessel Vessel, int Cups = 1);

        internal enum Vessel { Cup, Glass }

        internal sealed record Emptied(DateTimeOffset At)
        {
            public bool IsLate => At.Hour > 20;
        }

        internal sealed class Names
        {
            public void MapEventType<T>(string name) => GC.KeepAlive(name);
        }

        internal static class Store
        {
            public static void Configure(Names names)
            {
                names.MapEventType<Poured>("tea_poured");
                names.MapEventType<Emptied>("tea_emptied");
            }
        }
        """;

    /// <summary>Changes a source.</summary>
    /// <exception cref="ArgumentException">What is to be replaced is not there.</exception>
    public static string With(this string source, string old, string changed) =>
        source.Contains(old, StringComparison.Ordinal) ? source.Replace(old, changed, StringComparison.Ordinal) : throw new ArgumentException($"'{old}' is not there.");

    /// <summary>The differences between a changed module and the sample.</summary>
    public static IReadOnlyList<ContractDifference> Differences(string contracts, string slice, string? repository = null) => Differences(Contracts, Slice, contracts, slice, repository);

    public static IReadOnlyList<ContractDifference> Differences(string contractsBefore, string sliceBefore, string contracts, string slice, string? repository = null)
    {
        var before = Compiler.Texts(contractsBefore, sliceBefore);
        var after = Compiler.Texts(contracts, slice);
        return [.. ContractKind.All.SelectMany(kind => kind.Compare(
            repository ?? Path.Combine(AppContext.BaseDirectory, "nowhere"), kind.PathOf("modules/Tea"), before.GetValueOrDefault(kind.Ending), after.GetValueOrDefault(kind.Ending)))];
    }
}
