using System.Runtime.CompilerServices;
using ModularMonolith.Conformance.Conventions;

namespace ModularMonolith.Conformance.Checking;

/// <summary>The conventions of docs/api.md, checked over HTTP against any base address.</summary>
public static class ConformanceKit
{
    /// <summary>Runs the checks one after the other, in the order of their numbers; the description is compared last, with all that was exchanged.</summary>
    /// <param name="settings">Which API, and how.</param>
    /// <param name="finished">Gets what stays behind of the run, in a sentence, after the last result.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>A result for each convention, as it comes.</returns>
    /// <exception cref="ConformanceException">There is no API's description at the address.</exception>
    public static async IAsyncEnumerable<CheckResult> RunAsync(ConformanceSettings settings, Action<string> finished, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(finished);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Deadline);
        using var probe = await Probe.StartAsync(settings, limit.Token);
        foreach (var check in All.Value)
        {
            yield return await RunAsync(check, probe, cancellationToken);
        }

        finished($"{await RemoveAsync(probe, cancellationToken)} {probe.Sent} requests were sent.");
    }

    private static readonly Lazy<IReadOnlyList<Check>> All = new(static () =>
    [
        .. ProblemConventions.Checks.Concat(VersionConventions.Checks).Concat(RepetitionConventions.Checks).Concat(ListConventions.Checks)
            .Concat(ResultConventions.Checks).Concat(FrontConventions.Checks).Concat(TransportConventions.Checks).OrderBy(static check => check.Number),
        .. DescriptionConventions.Checks,
    ]);

    private static async Task<CheckResult> RunAsync(Check check, Probe probe, CancellationToken cancellationToken)
    {
        if (check.Writes && probe.Settings.ReadOnly)
        {
            return new CheckResult(check.Number, check.Title, CheckOutcome.NotShown, "It writes, and only reading checks were asked for.");
        }

        try
        {
            return new CheckResult(check.Number, check.Title, CheckOutcome.Passed, await check.Run(probe));
        }
        catch (NotKeptException exception)
        {
            return new CheckResult(check.Number, check.Title, CheckOutcome.Failed, exception.Message);
        }
        catch (NotShownException exception)
        {
            return new CheckResult(check.Number, check.Title, CheckOutcome.NotShown, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CheckResult(check.Number, check.Title, CheckOutcome.NotShown, $"The run has taken its {probe.Settings.Deadline.TotalSeconds:F0} s.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            // A member of an answer is of another kind than the check reads it as.
            return new CheckResult(check.Number, check.Title, CheckOutcome.Failed, $"The answer was expected in the described form: {exception.Message}");
        }
    }

    private static async Task<string> RemoveAsync(Probe probe, CancellationToken cancellationToken)
    {
        try
        {
            return await probe.Samples.RemoveAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The run has taken its time; what it made has the mark {probe.Mark}.";
        }
    }
}
