using System.Globalization;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Tests;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2026-11-21T10:15:30Z", "2026-11-21T10:16:00Z")]
    [InlineData("*/15 * * * *", "2026-11-21T10:15:00Z", "2026-11-21T10:30:00Z")]
    [InlineData("0 3 * * *", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z")]
    [InlineData("30 8-17/3 * * 1-5", "2026-11-20T17:30:00Z", "2026-11-23T08:30:00Z")]
    [InlineData("0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-11-01T00:00:00Z", "2026-12-31T00:00:00Z")]
    [InlineData("0 12 * * 7", "2026-11-21T00:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 12 * * 0", "2026-11-21T00:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-11-14T00:00:00Z", "2026-11-20T00:00:00Z")]
    [InlineData("5,10,59 23 * 12 *", "2026-12-31T23:59:00Z", "2027-12-01T23:05:00Z")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:58:59.9Z", "2026-12-31T23:59:00Z")]
    public void The_next_time_is_the_first_that_fits(string expression, string after, string expected) =>
        Assert.Equal(At(expected), CronSchedule.Parse(expression).Next(At(after)));

    [Fact]
    public void Every_schedule_agrees_with_looking_at_each_minute()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var fields = new[] { Field(random, 0, 59), Field(random, 0, 23), random.Next(2) == 0 ? "*" : Field(random, 1, 28), random.Next(2) == 0 ? "*" : Field(random, 1, 12), random.Next(2) == 0 ? "*" : Field(random, 0, 6) };
            var schedule = CronSchedule.Parse(string.Join(' ', fields));
            var after = At("2026-01-01T00:00:00Z").AddMinutes(random.Next(500_000));

            var next = schedule.Next(after);

            var expected = after.AddMinutes(1);
            while (!Fits(fields, expected))
            {
                expected = expected.AddMinutes(1);
            }

            Assert.True(expected == next, $"{schedule.Expression} after {after:O}: {next:O} instead of {expected:O}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("1//2 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("0 0 31 2 *")]
    public void What_no_time_fits_is_refused(string expression) => Assert.Throws<FormatException>(() => CronSchedule.Parse(expression));

    private static string Field(Random random, int lowest, int highest)
    {
        var (first, second) = (random.Next(lowest, highest + 1), random.Next(lowest, highest + 1));
        return random.Next(5) switch
        {
            0 => first.ToString(CultureInfo.InvariantCulture),
            1 => $"{Math.Min(first, second)}-{Math.Max(first, second)}",
            2 => $"*/{random.Next(1, highest)}",
            3 => $"{first},{second}",
            _ => $"{Math.Min(first, second)}-{Math.Max(first, second)}/{random.Next(1, 5)},{first}",
        };
    }

    private static bool Fits(string[] fields, DateTimeOffset time)
    {
        var day = Holds(fields[2], time.Day, 1, 31);
        var week = Holds(fields[4], (int)time.DayOfWeek, 0, 6);
        var either = fields[2][0] != '*' && fields[4][0] != '*';
        return Holds(fields[0], time.Minute, 0, 59) && Holds(fields[1], time.Hour, 0, 23) && Holds(fields[3], time.Month, 1, 12) && (either ? day || week : day && week);
    }

    private static bool Holds(string field, int value, int lowest, int highest) => field.Split(',').Any(part =>
    {
        var step = part.Contains('/', StringComparison.Ordinal) ? int.Parse(part.Split('/')[1], CultureInfo.InvariantCulture) : 1;
        var range = part.Split('/')[0].Split('-');
        var from = range[0] == "*" ? lowest : int.Parse(range[0], CultureInfo.InvariantCulture);
        var to = range[0] == "*" ? highest : int.Parse(range[^1], CultureInfo.InvariantCulture);
        return value >= from && value <= to && (value - from) % step == 0;
    });

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
