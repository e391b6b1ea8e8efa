using FsCheck;
using FsCheck.Fluent;

namespace ModularMonolith.Marten.Tests;

/// <summary>Checks properties of generated values that need a database, with waiting instead of blocking.</summary>
internal static class Properties
{
    private const int MaximumShrinks = 300;

    /// <summary>Checks generated values, the same in each run. A value that fails is made smaller while it goes on failing.</summary>
    /// <param name="values">Generates values and makes them smaller.</param>
    /// <param name="count">How many values are checked.</param>
    /// <param name="size">How large they may be.</param>
    /// <param name="seed">Where the generator begins.</param>
    /// <param name="check">What is wrong with a value; null for nothing.</param>
    public static async Task HoldAsync<T>(Arbitrary<T> values, int count, int size, ulong seed, Func<T, Task<string?>> check)
    {
        var checkedValues = 0;
        foreach (var value in values.Generator.Sample(count, new Rnd(seed), size))
        {
            checkedValues++;
            if (await FailureAsync(check, value) is not { } failure)
                continue;
            var (smallest, message, steps) = await ShrinkAsync(values, value, failure, check);
            Assert.Fail($"Value {checkedValues} of {count}, made smaller {steps} times:\n{smallest}\n{message}");
        }
    }

    private static async Task<(T Smallest, string Message, int Steps)> ShrinkAsync<T>(Arbitrary<T> values, T failing, string failure, Func<T, Task<string?>> check)
    {
        var (steps, tried) = (0, 0);
        bool found;
        do
        {
            found = false;
            foreach (var smaller in values.Shrinker(failing))
            {
                if (++tried > MaximumShrinks)
                    break;
                if (await FailureAsync(check, smaller) is not { } message)
                    continue;
                (failing, failure, found) = (smaller, message, true);
                steps++;
                break;
            }
        }
        while (found && tried <= MaximumShrinks);
        return (failing, failure, steps);
    }

    private static async Task<string?> FailureAsync<T>(Func<T, Task<string?>> check, T value)
    {
        try
        {
            return await check(value);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }
}
