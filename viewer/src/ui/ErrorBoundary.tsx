import { Component, type ErrorInfo, type ReactNode } from "react";
import styles from "./controls.module.css";
import { Problem } from "./Problem";

interface Props {
  /** What stands inside: "The genes panel". */
  part: string;
  children: ReactNode;
}

/** An error in one part never blanks the others. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(`${this.props.part} failed.`, error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className={styles.broken}>
        <Problem
          message={`${this.props.part} could not be drawn: ${error.message}`}
          onRetry={() => this.setState({ error: null })}
        />
      </div>
    );
  }
}
