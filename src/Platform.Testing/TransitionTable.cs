using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Testing;

/// <summary>
/// What a state machine should do, as a table that people can read: actions stand in the first line, and in each further line a status and the status after each of them. "-" is refused,
/// "=" changes nothing.
/// </summary>
public sealed class TransitionTable
{
    private readonly string[] _actions;
    private readonly Dictionary<string, string[]> _rows;

    /// <summary>Reads a table.</summary>
    /// <param name="text">Lines of words with blanks between them.</param>
    /// <exception cref="ArgumentException">A line has more or fewer cells than there are actions.</exception>
    public TransitionTable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n').Select(static line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        _actions = lines[0];
        _rows = lines.Skip(1).ToDictionary(static line => line[0], static line => line[1..], StringComparer.Ordinal);
        if (_rows.FirstOrDefault(row => row.Value.Length != _actions.Length).Key is { } wrong)
        {
            throw new ArgumentException($"The line of {wrong} has {_rows[wrong].Length} cells for {_actions.Length} actions.", nameof(text));
        }
    }

    /// <summary>The statuses, line by line.</summary>
    public IReadOnlyCollection<string> Statuses => _rows.Keys;

    /// <summary>The actions, column by column.</summary>
    public IReadOnlyCollection<string> Actions => _actions;

    /// <summary>Status, action and the word in their cell, line by line: what a theory goes through whose words are no statuses.</summary>
    public IEnumerable<object[]> Cells => _rows.SelectMany(row => _actions.Zip(row.Value, (action, word) => new object[] { row.Key, action, word }));

    /// <summary>The status after an action; null when it is refused.</summary>
    /// <param name="status">The status before.</param>
    /// <param name="action">The action.</param>
    /// <returns>The status.</returns>
    public string? After(string status, string action) => _rows[status][Array.IndexOf(_actions, action)] switch
    {
        "-" => null,
        "=" => status,
        var next => next,
    };

    /// <summary>Goes through every status and every action that there are.</summary>
    /// <typeparam name="TStatus">The statuses.</typeparam>
    /// <typeparam name="TAction">The actions.</typeparam>
    /// <param name="allows">Whether the code allows an action.</param>
    /// <param name="next">What the code decides: the status after an action, or a refusal with the status and what is possible in it.</param>
    /// <returns>Where the code and the table differ.</returns>
    public IReadOnlyList<string> Differences<TStatus, TAction>(Func<TStatus, TAction, bool> allows, Func<TStatus, TAction, TStatus> next)
        where TStatus : struct, Enum
        where TAction : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(allows);
        ArgumentNullException.ThrowIfNull(next);
        var unknown = Enum.GetNames<TStatus>().Except(_rows.Keys).Concat(_rows.Keys.Except(Enum.GetNames<TStatus>())).Concat(Enum.GetNames<TAction>().Except(_actions)).Concat(_actions.Except(Enum.GetNames<TAction>()))
            .Select(static word => $"{word} is in the table or in the code only.").ToList();
        return unknown.Count > 0 ? unknown :
        [
            .. from status in Enum.GetValues<TStatus>()
               from action in Enum.GetValues<TAction>()
               let expected = After(status.ToString(), action.ToString())
               let found = Decide(status, action, allows, next)
               where found != expected
               select $"{action} in {status} should be {expected ?? "refused"} and is {found ?? "refused"}.",
        ];
    }

    private static string? Decide<TStatus, TAction>(TStatus status, TAction action, Func<TStatus, TAction, bool> allows, Func<TStatus, TAction, TStatus> next)
        where TStatus : struct, Enum
        where TAction : struct, Enum
    {
        try
        {
            var after = next(status, action).ToString();
            return allows(status, action) ? after : $"{after}, which it says that it does not allow";
        }
        catch (ProblemException refused)
        {
            var allowed = Enum.GetValues<TAction>().Where(other => allows(status, other)).ToList();
            return refused.Type == ProblemTypes.IllegalState && Equals(refused.Extensions["state"], status) && refused.Extensions["allowed"] is IEnumerable<TAction> told && told.SequenceEqual(allowed)
                && !allowed.Contains(action) && allowed.All(other => refused.Message.Contains(other.ToString(), StringComparison.OrdinalIgnoreCase))
                ? null
                : $"refused without what belongs there: {refused.Message}";
        }
    }
}
