namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Which compiler diagnostics a test must state; the others are ignored.</summary>
public enum CompilerDiagnostics
{
    None,
    Errors,
    Warnings,
    Suggestions,
    All,
}

/// <summary>Checks of a run that a test may switch off.</summary>
[Flags]
public enum TestBehaviors
{
    None = 0,
    SkipGeneratedCodeCheck = 1,
    SkipSuppressionCheck = 2,
}

/// <summary>What a code-fix test applies, and which Fix All scopes it leaves out.</summary>
[Flags]
public enum CodeFixTestBehaviors
{
    None = 0,
    SkipFixAllInDocumentCheck = 0x01,
    SkipFixAllInProjectCheck = 0x02,
    SkipFixAllInSolutionCheck = 0x04,
    SkipFixAllCheck = SkipFixAllInDocumentCheck | SkipFixAllInProjectCheck | SkipFixAllInSolutionCheck,

    /// <summary>Applies the first fix and no other; what remains is expected in the fixed state.</summary>
    FixOne = 0x08,

    /// <summary>Allows fixable diagnostics that a live analysis of one file does not report.</summary>
    SkipLocalDiagnosticCheck = 0x10,
}

/// <summary>How closely the tree that a fix builds must match the tree that its text parses to.</summary>
public enum CodeActionValidationMode
{
    None,

    /// <summary>Same nodes and tokens; trivia may differ.</summary>
    SemanticStructure,

    /// <summary>Same nodes, tokens and trivia.</summary>
    Full,
}

/// <summary>How markup in sources becomes expectations.</summary>
[Flags]
public enum MarkupOptions
{
    None = 0,

    /// <summary><c>[|…|]</c> stands for the first descriptor of an analyzer that has several.</summary>
    UseFirstDescriptor = 1,

    /// <summary><c>$$</c> is code (interpolated raw strings), not a position.</summary>
    TreatPositionIndicatorsAsCode = 2,
}

/// <summary>What the markup of one state is good for.</summary>
public enum MarkupMode
{
    /// <summary>Sources are taken as they stand; markup is code.</summary>
    None,

    /// <summary>Markup is removed and expects nothing.</summary>
    Ignore,

    /// <summary>Markup is removed; it expects only diagnostics that no fix handles.</summary>
    IgnoreFixable,

    /// <summary>Markup is removed and expects diagnostics.</summary>
    Allow,
}

/// <summary>What a state takes over from the one before it.</summary>
public enum StateInheritanceMode
{
    /// <summary>Whatever it does not specify itself.</summary>
    AutoInherit,

    /// <summary>As <see cref="AutoInherit"/>, and all expectations even if the content changed.</summary>
    AutoInheritAll,

    /// <summary>Nothing.</summary>
    Explicit,
}

/// <summary>How the location of an expectation is compared.</summary>
[Flags]
public enum DiagnosticLocationOptions
{
    None = 0,
    IgnoreLength = 1,

    /// <summary>The span is the number of a <c>{|#n:…|}</c> in the sources.</summary>
    InterpretAsMarkupKey = 2,
}

/// <summary>Which parts of a diagnostic an expectation leaves open.</summary>
[Flags]
public enum DiagnosticOptions
{
    None = 0,
    IgnoreAdditionalLocations = 1,
    IgnoreSeverity = 2,
}
