namespace ModularMonolith.Architecture.Metrics;

/// <summary>Finds circles (R. Tarjan, "Depth-first search and linear graph algorithms", 1972).</summary>
internal static class StronglyConnected
{
    /// <summary>The groups of nodes each of which leads to every other of its group.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="next">Where a node leads to, among the nodes.</param>
    /// <returns>The groups; a node in no circle is a group of its own.</returns>
    public static IReadOnlyList<IReadOnlyList<T>> Of<T>(IReadOnlyList<T> nodes, Func<T, IEnumerable<T>> next)
        where T : notnull
    {
        var groups = new List<IReadOnlyList<T>>();
        var numbers = new Dictionary<T, int>();
        var lowest = new Dictionary<T, int>();
        var open = new Stack<T>();
        var isOpen = new HashSet<T>();
        foreach (var node in nodes)
        {
            if (!numbers.ContainsKey(node))
            {
                Visit(node);
            }
        }

        return groups;

        void Visit(T node)
        {
            numbers[node] = lowest[node] = numbers.Count;
            open.Push(node);
            isOpen.Add(node);
            foreach (var target in next(node))
            {
                if (!numbers.TryGetValue(target, out var number))
                {
                    Visit(target);
                    lowest[node] = Math.Min(lowest[node], lowest[target]);
                }
                else if (isOpen.Contains(target))
                {
                    lowest[node] = Math.Min(lowest[node], number);
                }
            }

            if (lowest[node] == numbers[node])
            {
                var group = new List<T>();
                T member;
                do
                {
                    member = open.Pop();
                    isOpen.Remove(member);
                    group.Add(member);
                }
                while (!member.Equals(node));
                groups.Add(group);
            }
        }
    }
}
