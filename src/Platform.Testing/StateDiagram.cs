using System.Text;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Testing;

/// <summary>
/// The picture of a state machine (a state diagram of Mermaid), made from what the code decides, and the check that a page shows it. With the environment variable <c>STATE_DIAGRAMS</c>
/// at <c>write</c> the check puts it there.
/// </summary>
/// <param name="name">What it shows, as in "the states of an order"; it marks the place on the page.</param>
public sealed class StateDiagram(string name)
{
    // What as many states have in common, and as much of it, is drawn once.
    private const int Many = 3;

    private const string Outside = "[*]";

    private readonly List<Move> _moves = [];

    private string Begin => $"<!-- {name}, drawn from the code: a test says when this is not true any more -->";

    private string End => $"<!-- end of {name} -->";

    /// <summary>Draws what a decision answers for each status and action.</summary>
    /// <typeparam name="TStatus">The statuses.</typeparam>
    /// <typeparam name="TAction">The actions.</typeparam>
    /// <param name="name">What it shows.</param>
    /// <param name="first">The status at the beginning.</param>
    /// <param name="by">What makes it begin.</param>
    /// <param name="next">The decision: the status after an action, or a <see cref="ProblemException"/> that refuses it.</param>
    /// <returns>The diagram.</returns>
    public static StateDiagram Of<TStatus, TAction>(string name, TStatus first, string by, Func<TStatus, TAction, TStatus> next)
        where TStatus : struct, Enum
        where TAction : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(next);
        var diagram = new StateDiagram(name).Moves(Outside, by, first.ToString());
        foreach (var from in Enum.GetValues<TStatus>())
        {
            foreach (var action in Enum.GetValues<TAction>())
            {
                try
                {
                    diagram.Moves(from.ToString(), Words(action.ToString()), next(from, action).ToString());
                }
                catch (ProblemException)
                {
                    // Refused: no arrow.
                }
            }
        }

        return diagram;
    }

    /// <summary>Draws a table that a test compares with the code.</summary>
    /// <param name="name">What it shows.</param>
    /// <param name="table">The table; its line <c>[*]</c> has the beginnings.</param>
    /// <returns>The diagram.</returns>
    public static StateDiagram Of(string name, TransitionTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var diagram = new StateDiagram(name);
        foreach (var (from, action) in table.Statuses.SelectMany(status => table.Actions.Select(action => (status, action))))
        {
            if (table.After(from, action) is { } to)
            {
                diagram.Moves(from, Words(action), to);
            }
        }

        return diagram;
    }

    /// <summary>Adds a move, once.</summary>
    /// <param name="from">The status before; <c>[*]</c> for the beginning.</param>
    /// <param name="by">What moves it.</param>
    /// <param name="to">The status after, which may be the same.</param>
    /// <returns>The same diagram.</returns>
    public StateDiagram Moves(string from, string by, string to)
    {
        var move = new Move(from, by, to);
        if (!_moves.Contains(move))
        {
            _moves.Add(move);
        }

        return this;
    }

    /// <summary>Checks that a page shows the diagram between its two lines.</summary>
    /// <param name="page">The page's path in the repository.</param>
    /// <exception cref="InvalidOperationException">It does not; the message says what to put there.</exception>
    public void CheckShownOn(string page)
    {
        var path = Path.Combine(Repository(), page);
        var text = File.ReadAllText(path);
        var block = $"{Begin}\n{this}\n{End}";
        if (text.Contains(block, StringComparison.Ordinal))
        {
            return;
        }

        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from || Environment.GetEnvironmentVariable("STATE_DIAGRAMS") != "write")
        {
            throw new InvalidOperationException($"{page} does not show {name}. Put this there, or run the test with STATE_DIAGRAMS=write when its first and last line are there:\n{block}\n");
        }

        File.WriteAllText(path, text[..from] + block + text[(to + End.Length)..]);
    }

    /// <summary>The diagram as a block of Markdown.</summary>
    /// <returns>Lines without one at the end.</returns>
    public override string ToString()
    {
        var text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        var moves = Shared(_moves, text);
        foreach (var arrow in moves.GroupBy(static move => (move.From, move.To)))
        {
            var label = string.Join(", ", arrow.Select(static move => move.By).Where(static by => by.Length > 0));
            text.Append("    ").Append(arrow.Key.From).Append(" --> ").Append(arrow.Key.To).Append(label.Length == 0 ? string.Empty : ": " + label).Append('\n');
        }

        foreach (var end in _moves.Select(static move => move.To).Distinct().Where(status => !_moves.Exists(move => move.From == status && move.To != status)))
        {
            text.Append("    ").Append(end).Append(" --> ").Append(Outside).Append('\n');
        }

        return text.Append("```").ToString();
    }

    /// <summary>Draws a junction for what many states have in common.</summary>
    private static List<Move> Shared(List<Move> moves, StringBuilder text)
    {
        var left = moves.ToList();
        for (var number = 1; ; number++)
        {
            var rows = left.ToLookup(static move => move.From, static move => (move.By, move.To));
            var common = rows.Select(static row => row.ToList()).Where(static row => row.Count >= Many)
                .Select(row => (Row: row, Members: rows.Where(other => row.All(other.Contains)).Select(static other => other.Key).ToList()))
                .Where(static found => found.Members.Count >= Many)
                .OrderByDescending(static found => found.Members.Count * found.Row.Count).FirstOrDefault();
            if (common.Row is null)
            {
                return left;
            }

            var junction = $"any{number}";
            text.Append("    state ").Append(junction).Append(" <<choice>>\n");
            var at = left.FindIndex(move => common.Members.Contains(move.From));
            left.RemoveAll(move => common.Members.Contains(move.From) && common.Row.Contains((move.By, move.To)));
            left.InsertRange(Math.Min(at, left.Count), [.. common.Members.Select(member => new Move(member, string.Empty, junction)), .. common.Row.Select(move => new Move(junction, move.By, move.To))]);
        }
    }

    private static string Words(string name) =>
        string.Concat(name.Select(static (letter, at) => at > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ModularMonolith.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }

    private sealed record Move(string From, string By, string To);
}
