namespace ModularMonolith.Architecture.Rules;

/// <summary>Takes names apart.</summary>
internal static class PascalCase
{
    /// <summary>The words of a name: <c>IStockStore</c> is I, Stock and Store; <c>HTTPClient</c> is HTTP and Client.</summary>
    public static List<string> Words(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            var ends = i == name.Length || (char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))) || !char.IsLetterOrDigit(name[i]);
            if (ends && i > start)
            {
                var word = name[start..i].Trim('_', '.', '<', '>');
                if (word.Length > 0)
                {
                    words.Add(word);
                }

                start = i;
            }
        }

        return words;
    }
}
