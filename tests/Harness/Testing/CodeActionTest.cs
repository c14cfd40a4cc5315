using Microsoft.CodeAnalysis.CodeActions;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A test that applies code actions: which one, and how closely its tree is checked.</summary>
public abstract class CodeActionTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    /// <summary>Which of the offered actions, counted from zero after nested ones are flattened. Null: the first, or the one with the key.</summary>
    public int? CodeActionIndex { get; set; }

    /// <summary>Key of the action to take. With <see cref="CodeActionIndex"/>, both must name the same action.</summary>
    public string? CodeActionEquivalenceKey { get; set; }

    /// <summary>Called with each action before it is applied, to check its title.</summary>
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }

    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;

    private protected CodeAction? Choose(IReadOnlyList<CodeAction> actions, IVerifier verifier)
    {
        if (CodeActionIndex is { } index)
        {
            if (index >= actions.Count)
            {
                return null;
            }

            if (CodeActionEquivalenceKey is not null)
            {
                verifier.Equal(CodeActionEquivalenceKey, actions[index].EquivalenceKey, "The code action equivalence key and index must be consistent when both are specified.");
            }

            return actions[index];
        }

        return CodeActionEquivalenceKey is null ? actions.FirstOrDefault() : actions.FirstOrDefault(action => action.EquivalenceKey == CodeActionEquivalenceKey);
    }
}
