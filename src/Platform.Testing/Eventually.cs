using System.Diagnostics;

namespace ModularMonolith.Platform.Testing;

/// <summary>Waits for what happens soon but not at once.</summary>
public static class Eventually
{
    /// <summary>It costs nothing where the condition comes true, and the machine may have much else to do.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Asks again and again until the answer satisfies a condition.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="ask">Asks once.</param>
    /// <param name="satisfies">The condition.</param>
    /// <param name="within">How long it may take; a minute unless given.</param>
    /// <returns>The answer that satisfied it.</returns>
    /// <exception cref="TimeoutException">The time went by; the message has the last answer.</exception>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> satisfies, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException($"The condition was not met within {deadline.TotalSeconds} s. The last answer was: {answer}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <param name="ask">Asks once.</param>
    /// <returns>A task that ends with the yes.</returns>
    /// <exception cref="TimeoutException">A minute went by.</exception>
    public static Task TrueAsync(Func<Task<bool>> ask) => Async(ask, static answer => answer);
}
