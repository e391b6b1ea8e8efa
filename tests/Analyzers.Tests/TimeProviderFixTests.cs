namespace ModularMonolith.Analyzers.Tests;

public sealed class TimeProviderFixTests
{
    [Theory]
    [InlineData("DateTimeOffset.UtcNow", "clock.GetUtcNow()")]
    [InlineData("DateTimeOffset.Now", "clock.GetLocalNow()")]
    [InlineData("DateTime.UtcNow", "clock.GetUtcNow().UtcDateTime")]
    [InlineData("DateTime.Now", "clock.GetLocalNow().DateTime")]
    [InlineData("TimeProvider.System", "clock")]
    [InlineData("System.DateTime.Today.AddDays(1)", "clock.GetLocalNow().Date.AddDays(1)")]
    public Task Time_is_read_from_the_TimeProvider_of_the_class(string before, string after) => AnalyzedModule.Slice.FixesAsync(
        Rules.TimeComesFromTimeProvider, [Class("TimeProvider clock", "object", before)], [Class("TimeProvider clock", "object", after)]);

    [Theory]
    [InlineData("Guid.NewGuid()", "Guid.CreateVersion7(clock.GetUtcNow())")]
    [InlineData("Guid.CreateVersion7()", "Guid.CreateVersion7(clock.GetUtcNow())")]
    [InlineData("System.Guid.NewGuid().ToString()", "Guid.CreateVersion7(clock.GetUtcNow()).ToString()")]
    public Task Ids_get_the_time_of_the_TimeProvider_of_the_class(string before, string after) => AnalyzedModule.Slice.FixesAsync(
        Rules.IdsAreVersion7, [Class("TimeProvider clock", "object", before)], [Class("TimeProvider clock", "object", after)]);

    [Fact]
    public Task What_is_nearest_is_used() => AnalyzedModule.Slice.FixesAsync(
        Rules.TimeComesFromTimeProvider,
        ["""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            private readonly TimeProvider _own = null!;

            public object Own => _own;

            public static DateTimeOffset Read(TimeProvider given) => DateTimeOffset.UtcNow;
        }
        """],
        ["""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            private readonly TimeProvider _own = null!;

            public object Own => _own;

            public static DateTimeOffset Read(TimeProvider given) => given.GetUtcNow();
        }
        """]);

    [Fact]
    public Task A_field_is_used() => AnalyzedModule.Slice.FixesAsync(
        Rules.TimeComesFromTimeProvider,
        ["""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            private readonly TimeProvider _own = null!;

            public DateTimeOffset Read() => DateTimeOffset.UtcNow;

            public object Own => _own;
        }
        """],
        ["""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            private readonly TimeProvider _own = null!;

            public DateTimeOffset Read() => _own.GetUtcNow();

            public object Own => _own;
        }
        """]);

    [Theory]
    [InlineData("int other", "DateTimeOffset.UtcNow")]
    [InlineData("TimeProvider clock", "(Func<Guid>)Guid.NewGuid")]
    [InlineData("TimeProvider clock", "Task.Delay(1)")]
    [InlineData("TimeProvider clock", "Environment.TickCount")]
    public async Task Nothing_is_offered_where_there_is_no_TimeProvider_or_no_call(string parameter, string expression)
    {
        var source = Class(parameter, "object", expression);
        Assert.NotEmpty(await AnalyzedModule.Slice.MessagesAsync(source));
        Assert.Empty(await AnalyzedModule.Slice.OfferedAsync(Rules.TimeComesFromTimeProvider, source));
        Assert.Empty(await AnalyzedModule.Slice.OfferedAsync(Rules.IdsAreVersion7, source));
    }

    [Fact]
    public async Task A_field_of_the_object_is_not_offered_in_a_static_method() => Assert.Empty(await AnalyzedModule.Slice.OfferedAsync(
        Rules.TimeComesFromTimeProvider,
        """
        namespace ModularMonolith.Ordering;

        internal sealed class Clock(TimeProvider clock)
        {
            private readonly TimeProvider _own = clock;

            public static DateTimeOffset Read() => DateTimeOffset.UtcNow;

            public object Own => _own;
        }
        """));

    private static string Class(string parameter, string type, string expression) => $$"""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock({{parameter}})
        {
            public {{type}} Read() => {{expression}};

            public object Own => {{parameter.Split(' ')[1]}};
        }
        """;
}
