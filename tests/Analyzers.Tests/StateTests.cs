namespace ModularMonolith.Analyzers.Tests;

public sealed class StateTests
{
    [Fact]
    public Task Static_members_that_can_change_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Collections.Concurrent;

        namespace ModularMonolith.Ordering;

        internal static class Counters
        {
            public static int {|MM0012:Count|};

            private static readonly List<string> {|MM0012:Names|} = [];

            private static readonly ConcurrentDictionary<string, int> {|MM0012:Known|} = new();

            private static readonly Lazy<List<int>> {|MM0012:Later|} = new(static () => []);

            private static readonly IDictionary<string, int> {|MM0012:Shown|} = new SortedList<string, int>();

            public static int {|MM0012:Limit|} { get; set; }

            public static HashSet<int> {|MM0012:Seen|} { get; } = [];

            public static event Action? {|MM0012:Changed|};

            private static readonly Draft {|MM0012:Current|} = new();

            private static readonly Fixed Always = new();

            public static int Add() => Count + Names.Count + Known.Count + Later.Value.Count + Shown.Count + (Changed is null ? 0 : 1) + Current.Lines + Always.Lines;
        }

        internal sealed class Draft
        {
            public int Lines { get; set; }
        }

        internal sealed class Fixed
        {
            public int Lines { get; init; }
        }
        """);

    [Fact]
    public Task Constants_and_what_cannot_change_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Collections.Frozen;
        using System.Collections.Immutable;

        namespace ModularMonolith.Ordering;

        internal sealed class Numbers
        {
            private const int Limit = 10;

            private static readonly string[] Names = ["a"];

            private static readonly Lazy<string> Later = new(static () => "a");

            private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(Names);

            private static readonly ImmutableArray<int> Steps = [1, 2];

            private readonly List<string> _own = [];

            private int _count;

            public static string Text { get; } = "text";

            public static int Computed
            {
                get => Limit;
                set => value.ToString();
            }

            public int Own { get; set; }

            public int Add() => ++_count + _own.Count + Known.Count + Later.Value.Length + Steps.Length;
        }
        """);

    [Fact]
    public Task Async_methods_that_return_nothing_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Sending
        {
            public async void {|MM0022:Send|}() => await Task.Yield();

            public Action Later()
            {
                Run();
                return {|MM0022:async () => await Task.Yield()|};
                async void {|MM0022:Run|}() => await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Async_methods_that_return_a_task_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Sending
        {
            public async Task SendAsync() => await Task.Yield();

            public void Send() => Later();

            public Func<Task> Later()
            {
                return async () => await RunAsync();
                async ValueTask RunAsync() => await Task.Yield();
            }
        }
        """);
}
