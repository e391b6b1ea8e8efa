namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Documents and values from small pools, so that random conditions are neither always true nor always false.</summary>
internal static class RandomSamples
{
    public static readonly string[] Texts =
    [
        "", "a", "A", "ab", "AB", "a%b", "a_b", "a\\b", "aXb", "o'Reilly", "\"q\"", "'; drop table mt_doc_sample; --", "$1", "?", "{0}", "über", "😀", " pad ", "line\nbreak", "tab\tand\u0001", "\u007f", "e\u0301", "mid\u2028dle", "%", "_", "\\",
    ];

    public static readonly int[] Integers = [int.MinValue, -7, -1, 0, 1, 2, 3, 7, 100, int.MaxValue];

    public static readonly long[] Longs = [long.MinValue, -5_000_000_000, -1, 0, 1, 2, 5_000_000_000, long.MaxValue];

    public static readonly decimal[] Decimals = [-1.5m, 0m, 0.1m, 0.10m, 1m, 1.25m, 9.99m, 1234567890.123456789m];

    public static readonly double[] Doubles = [-2.5, 0, 0.1, 1.0 / 3, 1, 1e20, 2.5];

    public static readonly Guid[] Ids = [Guid.Empty, new("11111111-1111-7111-8111-111111111111"), new("22222222-2222-7222-8222-222222222222")];

    public static readonly DateTimeOffset[] Times =
    [
        new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
        new(2024, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)),
        new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(-5)).AddMilliseconds(1),
        new DateTimeOffset(2025, 6, 30, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567),
        new(1999, 12, 31, 0, 0, 0, TimeSpan.FromHours(5.5)),
        DateTimeOffset.MinValue,
    ];

    public static readonly DateTime[] Moments = [new(2024, 1, 1), new DateTime(2024, 1, 1).AddTicks(1_234_570), new(2025, 6, 30, 1, 2, 3), new(1999, 12, 31), DateTime.MinValue, DateTime.MaxValue];

    public static readonly DateOnly[] Days = [new(2024, 1, 1), new(2025, 6, 30), new(1999, 12, 31), DateOnly.MinValue, DateOnly.MaxValue];

    public static readonly Grade[] Grades = Enum.GetValues<Grade>();

    public static T Pick<T>(this Random random, T[] pool) => pool[random.Next(pool.Length)];

    public static T? PickOrNull<T>(this Random random, T[] pool) where T : struct => random.Next(3) == 0 ? null : random.Pick(pool);

    public static string? TextOrNull(this Random random) => random.Next(4) == 0 ? null : random.Pick(Texts);

    public static T[] Some<T>(this Random random, T[] pool) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Pick(pool))];

    public static Sample Create(Random random) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = random.Pick(Texts),
        Note = random.TextOrNull(),
        Number = random.Pick(Integers),
        Maybe = random.PickOrNull(Integers),
        Large = random.Pick(Longs),
        Price = random.Pick(Decimals),
        Discount = random.PickOrNull(Decimals),
        Ratio = random.Pick(Doubles),
        Flag = random.Next(2) == 0,
        Agreed = random.PickOrNull([true, false]),
        Grade = random.Pick(Grades),
        Wish = random.PickOrNull(Grades),
        Owner = random.Pick(Ids),
        Agent = random.PickOrNull(Ids),
        At = random.Pick(Times),
        Until = random.PickOrNull(Times),
        Local = random.Pick(Moments),
        Day = random.Pick(Days),
        Letter = random.Pick(['a', 'b', '\'', 'ü']),
        Small = (short)random.Next(-2, 3),
        Place = CreatePlace(random),
        Second = random.Next(3) == 0 ? null : CreatePlace(random),
        Tags = [.. random.Some(Texts)],
        Numbers = random.Some(Integers),
        Grades = [.. random.Some(Grades)],
        Parts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => CreatePart(random))],
        Labels = random.Some(Texts).Distinct().ToDictionary(t => t, t => t + random.Next(2)),
        Counts = random.Some(Texts).Distinct().ToDictionary(t => t, t => random.Next(3)),
    };

    private static Place CreatePlace(Random random) => new() { City = random.TextOrNull(), Country = random.Pick(Texts), Floor = random.Next(4), Grade = random.Pick(Grades) };

    private static Part CreatePart(Random random) => new()
    {
        Code = random.Pick(Texts),
        Amount = random.Next(4),
        Price = random.Pick(Decimals),
        Spare = random.Next(2) == 0,
        Due = random.PickOrNull(Times),
        Grade = random.Pick(Grades),
        Marks = [.. random.Some(Texts)],
    };
}
