using System.Globalization;
using System.Numerics;

namespace ModularMonolith.Platform.Timers;

/// <summary>
/// A schedule of five fields as in POSIX crontab: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday), in UTC. A field is
/// <c>*</c>, a number, a range <c>a-b</c>, either with a step <c>/n</c>, or a list of those. Where both days are restricted, either of them counts.
/// </summary>
public sealed class CronSchedule
{
    private const int YearsAhead = 8;

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekDays;
    private readonly bool _eitherDay;

    private CronSchedule(string expression, ulong[] fields, bool eitherDay)
    {
        Expression = expression;
        (_minutes, _hours, _days, _months, _weekDays) = (fields[0], fields[1], fields[2], fields[3], fields[4]);
        _eitherDay = eitherDay;
    }

    /// <summary>The schedule as it was written.</summary>
    public string Expression { get; }

    /// <summary>Reads a schedule.</summary>
    /// <param name="expression">Five fields with blanks between them: <c>*/5 8-18 * * 1-5</c>.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="FormatException">It has another number of fields, a value out of range, or no time ever fits.</exception>
    public static CronSchedule Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length != 5)
        {
            throw new FormatException($"'{expression}' has {fields.Length} fields; a schedule has five: minute, hour, day of the month, month, day of the week.");
        }

        var weekDays = Field(fields[4], 0, 7, expression);
        var schedule = new CronSchedule(
            expression,
            [Field(fields[0], 0, 59, expression), Field(fields[1], 0, 23, expression), Field(fields[2], 1, 31, expression), Field(fields[3], 1, 12, expression), (weekDays | (weekDays >> 7)) & 0x7F],
            fields[2][0] != '*' && fields[4][0] != '*');
        return schedule.TryNext(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) is null
            ? throw new FormatException($"No time ever fits '{expression}'.")
            : schedule;
    }

    /// <summary>The first time that fits after another one.</summary>
    /// <param name="after">The other one; it does not count itself.</param>
    /// <returns>A full minute in UTC.</returns>
    public DateTimeOffset Next(DateTimeOffset after) => TryNext(after) ?? throw new InvalidOperationException($"No time after {after:O} fits '{Expression}'.");

    private DateTimeOffset? TryNext(DateTimeOffset after)
    {
        var utc = after.UtcDateTime;
        var day = utc.Date;
        var minute = utc.Hour * 60 + utc.Minute + 1;
        // The 29th of February is at most eight years away.
        for (var last = day.AddYears(YearsAhead); day <= last; day = day.AddDays(1), minute = 0)
        {
            if (!IsSet(_months, day.Month) || !Fits(day))
            {
                continue;
            }

            for (var hour = minute / 60; hour < 24; hour++)
            {
                var from = hour == minute / 60 ? minute % 60 : 0;
                var rest = IsSet(_hours, hour) ? _minutes >> from << from : 0;
                if (rest != 0)
                {
                    return new DateTimeOffset(day.AddHours(hour).AddMinutes(BitOperations.TrailingZeroCount(rest)), TimeSpan.Zero);
                }
            }
        }

        return null;
    }

    private bool Fits(DateTime day)
    {
        var (ofMonth, ofWeek) = (IsSet(_days, day.Day), IsSet(_weekDays, (int)day.DayOfWeek));
        return _eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static bool IsSet(ulong set, int value) => (set >> value & 1) != 0;

    private static ulong Field(string text, int lowest, int highest, string expression)
    {
        ulong set = 0;
        foreach (var part in text.Split(','))
        {
            var stepped = part.Split('/');
            var step = stepped.Length == 1 ? 1 : stepped.Length == 2 ? Number(stepped[1], 1, highest, expression) : throw Wrong(part, lowest, highest, expression);
            var range = stepped[0].Split('-');
            var (from, to) = range switch
            {
                ["*"] => (lowest, highest),
                [var single] when stepped.Length == 1 => (Number(single, lowest, highest, expression), Number(single, lowest, highest, expression)),
                [var start] => (Number(start, lowest, highest, expression), highest),
                [var start, var end] => (Number(start, lowest, highest, expression), Number(end, lowest, highest, expression)),
                _ => throw Wrong(part, lowest, highest, expression),
            };
            if (from > to)
            {
                throw Wrong(part, lowest, highest, expression);
            }

            for (var value = from; value <= to; value += step)
            {
                set |= 1UL << value;
            }
        }

        return set;
    }

    private static int Number(string text, int lowest, int highest, string expression) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? number
            : throw Wrong(text, lowest, highest, expression);

    private static FormatException Wrong(string part, int lowest, int highest, string expression) =>
        new($"'{part}' in the schedule '{expression}' is not a value, range or step between {lowest} and {highest}.");
}
