namespace ModularMonolith.Analyzers.Tests;

public sealed class CallTests
{
    [Fact]
    public Task The_machines_clock_is_reported_where_it_is_read() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            private readonly DateTime _made = {|MM0009:DateTime.UtcNow|};

            public DateTime Today => {|MM0009:DateTime.Today|};

            public object Read() => ({|MM0009:DateTime.Now|}.Year, {|MM0009:System.DateTimeOffset.Now|}, {|MM0009:DateTimeOffset.UtcNow|}.AddDays(1), _made);
        }
        """);

    [Fact]
    public Task Waiting_for_the_machines_clock_is_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock
        {
            public long Ticks => {|MM0009:Environment.TickCount64|};

            public TimeProvider Time => {|MM0009:TimeProvider.System|};

            public async Task WaitAsync(CancellationToken cancellationToken)
            {
                using var timer = {|MM0009:new PeriodicTimer(TimeSpan.FromSeconds(1))|};
                using Timer other = {|MM0009:new(static _ => { })|};
                await {|MM0009:Task.Delay|}(1, cancellationToken);
            }
        }
        """);

    [Fact]
    public Task Waiting_with_a_TimeProvider_and_measuring_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Diagnostics;

        namespace ModularMonolith.Ordering;

        internal sealed class Clock(TimeProvider time, SemaphoreSlim gate)
        {
            public async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
            {
                var started = Stopwatch.GetTimestamp();
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
                await gate.WaitAsync(cancellationToken);
                return gate.Wait(0, cancellationToken) ? Stopwatch.GetElapsedTime(started) : time.GetElapsedTime(started);
            }
        }
        """);

    [Fact]
    public Task Time_from_a_TimeProvider_and_from_data_is_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Clock(TimeProvider time)
        {
            public string Name => nameof(DateTime.Now);

            public object Read() => (time.GetUtcNow(), time.GetLocalNow(), DateTime.UnixEpoch, DateTimeOffset.MaxValue, new Moment(time.GetUtcNow()).UtcNow);
        }

        internal sealed record Moment(DateTimeOffset UtcNow);
        """);

    [Fact]
    public Task Ids_that_ignore_the_time_are_reported_where_they_are_made() => AnalyzedModule.Slice.ReportsAsync("""
        using static System.Guid;

        namespace ModularMonolith.Ordering;

        internal sealed class Ids
        {
            public Guid Random() => {|MM0010:Guid.NewGuid|}();

            public Guid Timed() => {|MM0010:Guid.CreateVersion7|}();

            public Guid Short() => {|MM0010:NewGuid|}();

            public Func<Guid> Later() => {|MM0010:Guid.NewGuid|};
        }
        """);

    [Fact]
    public Task Ids_with_a_time_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Ids(TimeProvider time)
        {
            public Guid Timed() => Guid.CreateVersion7(time.GetUtcNow());

            public Guid Read(string text) => Guid.Parse(text);

            public string Name => nameof(Guid.NewGuid);
        }
        """);

    [Fact]
    public Task What_blocks_a_thread_is_reported_by_its_name() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Waiting
        {
            public int Wait(Task<int> task, ValueTask<int> value, CancellationToken cancellationToken)
            {
                {|MM0011:Thread.Sleep|}(1);
                task.{|MM0011:Wait|}(cancellationToken);
                {|MM0011:Task.WaitAll|}(task);
                {|MM0011:Task.WaitAny|}([task]);
                task.GetAwaiter().{|MM0011:GetResult|}();
                task.ConfigureAwait(false).GetAwaiter().{|MM0011:GetResult|}();
                return task.{|MM0011:Result|} + value
                    .{|MM0011:Result|};
            }

            public void Gate(SemaphoreSlim gate, ManualResetEventSlim signal, Thread thread)
            {
                gate.{|MM0011:Wait|}();
                signal.{|MM0011:Wait|}();
                thread.{|MM0011:Join|}();
                {|MM0011:SpinWait.SpinUntil|}(static () => true);
            }

            public int? Maybe(Task<int>? task) => task?.{|MM0011:Result|};
        }
        """);

    [Fact]
    public Task Awaiting_is_not_reported_and_neither_is_a_result_of_ones_own() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Waiting(TimeProvider time)
        {
            public async Task<int> WaitAsync(Task<int> task, Answer answer, CancellationToken cancellationToken)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
                await Task.WhenAll(task).ConfigureAwait(false);
                answer.Wait();
                return await task + answer.Result + answer.GetResult() + nameof(Task<int>.Result).Length;
            }
        }

        internal sealed record Answer(int Result)
        {
            public int GetResult() => Result;

            public void Wait() => ToString();
        }
        """);

    [Fact]
    public async Task A_message_says_where_what_and_what_to_do_instead()
    {
        var messages = await AnalyzedModule.Slice.MessagesAsync("""
            namespace ModularMonolith.Ordering;

            internal sealed class Clock
            {
                public Func<DateTime> Read() => () => DateTime.Now;
            }
            """);

        Assert.Equal(["Clock.Read calls DateTime.Now. Inject TimeProvider and call GetUtcNow(); give it to Task.Delay and to timers. To measure how long something takes, Stopwatch is right."], messages);
    }

    [Fact]
    public Task Projects_outside_of_modules_are_not_looked_at() => new AnalyzedModule { Build = null }.ReportsAsync("""
        namespace ModularMonolith.Platform;

        public class Clock
        {
            public static DateTime Last = DateTime.Now;
        }
        """);

    [Fact]
    public Task Generated_code_is_not_looked_at() => AnalyzedModule.Slice.ReportsAsync("""
        // <auto-generated/>
        namespace ModularMonolith.Ordering;

        public class Clock
        {
            public static DateTime Last = DateTime.Now;
        }
        """);
}
