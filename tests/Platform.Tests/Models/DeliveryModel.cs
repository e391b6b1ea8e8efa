using System.Collections.Immutable;

namespace ModularMonolith.Platform.Tests.Models;

/// <summary>
/// Two workers that both believe they own a lane, three events of one key, an event that fails at first, and crashes anywhere: the statements of the
/// lane as a state machine. A transaction is one step, because the database makes it one; what a worker believes can be old in every other step.
/// </summary>
internal sealed record DeliveryModel(
    int Cursor, ImmutableArray<char> Letters, ImmutableArray<int> Effects, ImmutableArray<DeliveryModel.Worker> Workers, int Failures, int Crashes)
{
    public const int Events = 3;
    private const int FailuresAtMost = 2;
    private const int CrashesAtMost = 2;

    /// <summary>Which of the safeguards is left out, to see that the model finds what they prevent.</summary>
    public enum Without
    {
        Nothing,
        ExpectedPosition,
        ExpectedState,
        OrderOfKey,
    }

    public static DeliveryModel Start() => new(0, [.. new string('-', Events + 1)], [], [new Worker(), new Worker()], 0, 0);

    public bool IsDone => Cursor == Events && Letters.All(static letter => letter is '-' or 's');

    /// <summary>Whether every effect so far is the only one of its event, and those of the key came in order.</summary>
    public bool IsSound => Effects.SequenceEqual(Enumerable.Range(1, Effects.Length));

    public IEnumerable<DeliveryModel> Next(Without without)
    {
        for (var index = 0; index < Workers.Length; index++)
        {
            var worker = Workers[index];
            if (Crashes < CrashesAtMost && worker.IsLoaded)
            {
                yield return With(index, new Worker()) with { Crashes = Crashes + 1 };
            }

            if (!worker.IsLoaded)
            {
                yield return With(index, new Worker(true, Cursor, Open() > 0));
                continue;
            }

            foreach (var next in FromLog(index, worker, without).Concat(FromLetters(index, worker, without)))
            {
                yield return next;
            }
        }
    }

    public string Key() => $"{Cursor};{string.Concat(Letters)};{string.Concat(Effects)};{string.Join('|', Workers)};{Failures};{Crashes}";

    private IEnumerable<DeliveryModel> FromLog(int index, Worker worker, Without without)
    {
        var message = worker.Cursor + 1;
        if (message > Events)
        {
            yield break;
        }

        var moves = worker.Cursor == Cursor || without == Without.ExpectedPosition;
        if (!moves)
        {
            yield return With(index, new Worker());
            yield break;
        }

        var moved = With(index, worker with { Cursor = message }) with { Cursor = Math.Max(Cursor, message) };
        if (worker.Waits)
        {
            yield return moved with { Letters = Letters.SetItem(message, 'h') };
            yield break;
        }

        yield return moved with { Effects = Effects.Add(message) };
        // The commit was made and the worker never learned of it.
        yield return (moved with { Effects = Effects.Add(message) }).With(index, new Worker());
        if (Failures < FailuresAtMost)
        {
            yield return moved.With(index, worker with { Cursor = message, Waits = true }) with { Letters = Letters.SetItem(message, 'r'), Failures = Failures + 1 };
        }
    }

    // What a worker has read as due may have been settled by the other one since, so any letter that ever was may be tried.
    private IEnumerable<DeliveryModel> FromLetters(int index, Worker worker, Without without)
    {
        for (var message = 1; message <= Events; message++)
        {
            var state = Letters[message];
            var settles = (state is 'r' or 'h' || (without == Without.ExpectedState && state == 's')) && (without == Without.OrderOfKey || !OpenBefore(message));
            if (!settles)
            {
                continue;
            }

            var settled = this with { Letters = Letters.SetItem(message, 's'), Effects = Effects.Add(message) };
            yield return settled.With(index, worker with { Waits = settled.Open() > 0 });
            yield return settled.With(index, new Worker());
            if (state != 's' && Failures < FailuresAtMost)
            {
                yield return this with { Letters = Letters.SetItem(message, 'r'), Failures = Failures + 1 };
            }
        }
    }

    private int Open() => Letters.Count(static letter => letter is 'r' or 'h');

    private bool OpenBefore(int message) => Letters.Take(message).Any(static letter => letter is 'r' or 'h');

    private DeliveryModel With(int index, Worker worker) => this with { Workers = Workers.SetItem(index, worker) };

    internal readonly record struct Worker(bool IsLoaded, int Cursor, bool Waits);
}
